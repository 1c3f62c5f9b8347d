"""One module for each thing that can be wrong with the characters of a text; each one receives chunks."""
