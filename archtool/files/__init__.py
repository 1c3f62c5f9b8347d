"""Digests, safe paths, walking, copying and hashing: the only room that touches payload bytes.

It knows nothing of BagIt: the words it uses are file, path, digest, size. The nouns that every verification
of a plain bag needs are named tuples, here and in the rooms above: `dataclasses` brings `inspect` along, and
both take longer than a small bag does.
"""
