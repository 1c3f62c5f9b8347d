"""`archtool repair`."""
