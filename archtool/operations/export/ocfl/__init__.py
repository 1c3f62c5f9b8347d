"""Exports packages as objects of an OCFL storage root, a package and its predecessors as versions."""
