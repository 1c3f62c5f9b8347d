"""Shows what a repair changes in a text, word by word."""
