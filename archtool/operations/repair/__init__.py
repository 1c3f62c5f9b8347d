"""Restores damaged and missing files of a package from copies; `repair` has the numbered steps."""
