"""The history of a document, from the original to this package, as agents, events and entities (PROV, PREMIS)."""
