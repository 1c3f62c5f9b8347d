"""The operations of archtool: one module or package for each command, written as numbered steps.

Only operations combine the packages for formats and files. An operation imports only operations that come
before it in the order of `tests/test_tree.py`.
"""
