"""PREMIS 3 XML: written from a history, and read back."""
