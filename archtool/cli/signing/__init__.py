"""Signing keys and passphrases, as they are named on the command line."""
