"""Where the jobs of a batch come from: folders, packages, tables and JSON Lines."""
