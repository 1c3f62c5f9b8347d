"""The inventory of a package: compared with the description, and its lines with the payload."""
