"""RFC 8493 and nothing of ours: the model of a bag, its tag files, reading, writing, checks."""
