"""`archtool export`."""
