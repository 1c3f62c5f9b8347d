"""Many jobs of one kind: where they come from, who does them, what is remembered of them."""
