"""The commands about the chain of events: its proof, its head, export and import."""
