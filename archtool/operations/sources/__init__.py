"""The folder of the source files, compared with what the description declares."""
