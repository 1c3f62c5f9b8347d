"""The layout of a drawing: what is drawn, in which rows, how large, and where the lines run."""
