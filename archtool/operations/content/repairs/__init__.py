"""The repaired texts of a package: its change logs compared with its payload, and replayed."""
