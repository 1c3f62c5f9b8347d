"""Formats what a package is cited by for machines that read the head of a web page."""
