"""Checks whether the metadata of a package agrees with its payload and with itself."""
