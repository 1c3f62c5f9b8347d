"""Reads mappings: which keys of a description the columns of somebody's table give."""
