"""Reads what format identification tools report about files: siegfried, DROID and fido."""
