"""What all HTML pages share: the environment of their templates, their frame, and their security policy."""
