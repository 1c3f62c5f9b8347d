"""Exports packages to formats of other programs. It imports models only."""
