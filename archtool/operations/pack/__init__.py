"""Makes packages; the module `pack` contains the numbered steps."""
