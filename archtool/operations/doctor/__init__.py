"""Checks of the surroundings of archtool: what is there, what is missing, and the line that mends it."""
