"""The head of the chain as a text that can be signed and kept elsewhere."""
