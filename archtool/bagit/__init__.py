"""RFC 8493 without archtool's additions: the model of a bag, its tag files, reading, writing, checks."""
