"""Parses and evaluates the files that state which keys to trust: allowed_signers and revocation lists."""
