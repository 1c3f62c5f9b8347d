"""Reads the description of a package from its metadata files."""

from __future__ import annotations

from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.operations.content.metadata import Metadata


def read_description(metadata: Metadata) -> Description | None:
    """Return the description of a package; `None` if it has none, or one that cannot be used."""
    path = metadata.description_path
    data = metadata.files.get(path)
    return None if data is None else load_description(data, path, is_json=path.endswith(".json")).description
