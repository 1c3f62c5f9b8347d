"""Digests, safe paths, walking, copying and hashing: the only package that reads and writes payload bytes.

It knows nothing of BagIt: its terms are file, path, digest and size. The values that every verification of a
plain bag needs are named tuples: `dataclasses` imports `inspect`, and importing both takes longer than
verifying a small bag.
"""
