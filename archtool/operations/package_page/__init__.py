"""Verifies a package and reads everything that its page shows."""
