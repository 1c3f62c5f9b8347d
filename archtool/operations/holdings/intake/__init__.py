"""Registering packages: reading them, naming them, deciding whether each is a holding or a further copy."""
