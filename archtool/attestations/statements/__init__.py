"""What an attestation says: its statement, its claim, and the files it covers."""
