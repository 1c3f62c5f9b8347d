"""OpenSSH keys and certificates: reading, making and loading them for signing."""
