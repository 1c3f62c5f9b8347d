"""What the archivist says: strict loading, the model, the citation, the annexe inventory."""
