"""The history that a package records: read, and formatted for people and programs."""
