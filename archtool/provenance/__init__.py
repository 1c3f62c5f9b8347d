"""The history of a document, from the original to this package: agents, events and entities."""
