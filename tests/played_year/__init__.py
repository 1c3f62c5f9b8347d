"""A year of an archive, played night by night with a moved clock."""
