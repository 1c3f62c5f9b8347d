"""OCFL storage roots and objects as text: inventories, declarations, the layout."""
