"""Decides which manifests and tag files are right, by the register, signatures and tag manifests."""
