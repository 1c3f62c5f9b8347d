"""Who vouches for a package: keys, SSH signatures, statements, the chain of attestations, trust.

It sees bytes, not disks: what it needs of a package is handed to it.
"""
