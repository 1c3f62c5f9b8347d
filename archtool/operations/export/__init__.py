"""Exports packages in the formats of catalogues, finding aids, repositories and bibliographies."""
