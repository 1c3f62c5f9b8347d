"""Digests, safe paths, walking, copying and hashing: the only room that touches payload bytes.

It knows nothing of BagIt: the words it uses are file, path, digest, size.
"""
