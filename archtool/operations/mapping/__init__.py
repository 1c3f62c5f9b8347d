"""Reads mappings: which keys of a description the columns of an existing table give."""
