"""The content of an attestation: claim, statement and checksum list."""
