"""`archtool audit`: its command, its options, and the signing of the register's head."""
