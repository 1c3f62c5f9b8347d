"""Batches: many jobs of one kind, their sources, the processes that run them, and the journal."""
