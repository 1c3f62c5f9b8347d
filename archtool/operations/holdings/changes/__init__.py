"""Changing what the register says: copies, shelves, custody, content, withdrawal, notes, policy."""
