"""The commands that write pages for readers."""
