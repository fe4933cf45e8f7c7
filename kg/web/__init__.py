"""The web at the edge: pages and their JSON twins, served locally or written as a folder of files."""
