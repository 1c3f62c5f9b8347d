"""Formats the pages of a site about a collection of packages: indexes, bibliography, search, feed."""
