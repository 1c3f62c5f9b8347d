"""Tables with columns of any names, which a mapping translates to the keys of a description."""
