"""The sources of a batch's jobs: folders, packages, tables and JSON Lines."""
