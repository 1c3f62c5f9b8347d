"""The command that imports pages and records."""
