"""The register of holdings: one SQLite file with chained events and the state that follows from them."""
