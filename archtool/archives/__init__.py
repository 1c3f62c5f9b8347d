"""Bags in one file: tar, compressed tar and zip, read as a stream and written reproducibly.

This package knows archives; of bags it knows only that one folder contains all files.
"""

FORMATS = ("tar", "zip")
"""The formats of archives that archtool writes."""
