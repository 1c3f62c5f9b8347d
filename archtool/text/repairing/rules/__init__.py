"""Rule sets that repair one kind of damage each; that of the accents has its own package."""
