"""The repaired texts of a document: original, copy and change log, in the sources and in the package."""
