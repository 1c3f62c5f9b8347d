"""Bags in one file: tar, compressed tar and zip, read in a stream and written reproducibly.

This room knows archives and nothing of bags but that one folder holds everything.
"""
