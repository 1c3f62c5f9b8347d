"""Agents, events and entities: the history of a document from the original to this package."""
