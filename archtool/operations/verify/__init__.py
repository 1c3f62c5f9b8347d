"""Verifying bags and packages: `verify_bag` is the page of numbered steps."""
