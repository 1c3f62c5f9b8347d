"""OpenSSH keys and certificates: parsing, generating and loading them for signing."""
