"""Compares the shelves with the register: packages that nobody registered, and copies that were moved."""
