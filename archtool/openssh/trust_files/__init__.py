"""Files that say which keys to trust: allowed_signers, and lists of revoked keys."""
