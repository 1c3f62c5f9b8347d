"""The formats of payload files: from their names, their first bytes, and the reports of tools."""
