"""What archtool does: one module or folder for each verb, written as the numbered steps of what it does.

Formats and files meet here. An operation imports only operations that stand before it in the order that
`tests/test_tree.py` keeps.
"""
