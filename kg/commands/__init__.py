"""The commands of `kg`, a module for each kind, loaded when one of them is called."""
