"""Downloads files: allowed addresses, HTTP and `file:` transfers, and the storage of incomplete files.

The package knows nothing of bags: its input is a path, a URL, a length and digests. A downloaded file is
accepted only after it matches every digest.
"""
