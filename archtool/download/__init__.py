"""What lies elsewhere: which addresses may be asked, how a file is had, and where it lies until it is whole.

The room knows nothing of bags: it is told a path, a URL, a length and digests. Nothing that it gets is
believed before it was held against every digest.
"""
