"""`archtool provenance`."""
