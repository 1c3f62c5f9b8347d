"""Many jobs of one kind: where they come from, what does them, and the journal of what was done."""
