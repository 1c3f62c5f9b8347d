"""`holdings report`, and the files that it and `audit` write."""
