"""Where the files of a package lie that archtool gives a meaning to."""

from __future__ import annotations

CITATION_PATH = "metadata/citation.json"
INVENTORY_PATH = "metadata/annexes.json"
PROVENANCE_PATH = "metadata/provenance.json"
PREMIS_PATH = "metadata/premis.xml"
DESCRIPTION_PATHS = ("metadata/description.yaml", "metadata/description.json")
PROFILE_IDENTIFIER = "urn:archtool:bagit-profile:1"
METADATA_FOLDER = "metadata/"
ADOPTED_FOLDER = "metadata/adopted/"
"""The tag files of the bag that the payload was taken from, byte for byte."""
