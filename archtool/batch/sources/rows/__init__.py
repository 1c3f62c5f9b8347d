"""The cells of a row: what they mean, which files they name, and the place of each value."""
