"""Case → answer. No RDF, no printing: pure functions on frozen data."""
