"""Disk → typed objects. Only this room knows RDF."""
