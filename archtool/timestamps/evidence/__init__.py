"""Evidence records (RFC 4998): one timestamp for many packages, renewed before it expires."""
