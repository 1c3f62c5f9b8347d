"""Reads descriptions strictly from YAML and JSON text, with positions, and writes them."""
