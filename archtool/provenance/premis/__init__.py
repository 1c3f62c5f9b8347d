"""Writes a history as PREMIS 3 XML, and reads it."""
