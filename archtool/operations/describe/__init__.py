"""Loading a description from disk, with what it refers to, and drafting a new one."""
