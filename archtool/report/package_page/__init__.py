"""The page of one package, for a reader: one HTML file that loads nothing and runs nothing."""
