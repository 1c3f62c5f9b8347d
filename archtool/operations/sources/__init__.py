"""Compares the folder of the source files with what the description declares."""
