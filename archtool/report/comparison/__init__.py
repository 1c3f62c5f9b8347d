"""Shows the comparison of two texts side by side: on a terminal and as a page."""
