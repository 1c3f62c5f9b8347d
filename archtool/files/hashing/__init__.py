"""Reading payload files and computing their digests, many at a time or one by one."""
