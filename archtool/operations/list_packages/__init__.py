"""Finds packages below folders, and reads what their metadata records about them."""
