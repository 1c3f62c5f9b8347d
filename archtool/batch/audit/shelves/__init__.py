"""Searches the shelves for packages that are not registered, and for copies that were moved."""
