"""The graph in other formats, one family a module; `kg.read.export` names them all."""
