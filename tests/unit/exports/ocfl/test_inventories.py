"""Inventories and the layout of OCFL storage roots as text."""

from __future__ import annotations

import hashlib
import json

import pytest

from archtool.exports.ocfl.inventory import (
    Inventory,
    ObjectVersion,
    content_path,
    format_inventory,
    format_sidecar,
)
from archtool.exports.ocfl.layout import object_path, root_files

FIRST = ObjectVersion(
    "2026-11-29T00:00:00Z", "made", "A. Archivist", "https://viaf.org/viaf/1", {"b": "bb", "a": "aa"}
)
SECOND = ObjectVersion(
    "2026-11-30T00:00:00Z", "corrected", "A. Archivist", None, {"b": "cc", "a": "aa", "c": "cc"}
)
INVENTORY = Inventory(
    "urn:x:1", (FIRST, SECOND), {"cc": "v2/content/b", "bb": "v1/content/b", "aa": "v1/content/a"}
)


def test_an_inventory_lists_where_each_content_is_and_what_each_version_has() -> None:
    assert json.loads(format_inventory(INVENTORY)) == {
        "id": "urn:x:1",
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "v2",
        "manifest": {"aa": ["v1/content/a"], "bb": ["v1/content/b"], "cc": ["v2/content/b"]},
        "versions": {
            "v1": {
                "created": "2026-11-29T00:00:00Z",
                "message": "made",
                "user": {"name": "A. Archivist", "address": "https://viaf.org/viaf/1"},
                "state": {"aa": ["a"], "bb": ["b"]},
            },
            "v2": {
                "created": "2026-11-30T00:00:00Z",
                "message": "corrected",
                "user": {"name": "A. Archivist"},
                "state": {"aa": ["a"], "cc": ["b", "c"]},
            },
        },
    }


def test_equal_values_in_another_order_give_the_same_text() -> None:
    other = Inventory("urn:x:1", (FIRST, SECOND), dict(reversed(INVENTORY.manifest.items())))
    assert format_inventory(other) == format_inventory(INVENTORY)


def test_the_sidecar_has_the_digest_of_the_inventory_and_its_name() -> None:
    text = format_inventory(INVENTORY)
    digest = hashlib.sha512(text.encode()).hexdigest()
    assert format_sidecar(text) == f"{digest} inventory.json\n"


def test_the_content_of_a_version_lies_below_its_name() -> None:
    assert content_path(12, "data/letter.txt") == "v12/content/data/letter.txt"


# the examples of the extension's own page
@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("object-01", "3c0/ff4/240/object-01"),
        ("..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
    ],
)
def test_the_path_of_an_object_is_that_of_the_extension(identifier: str, path: str) -> None:
    assert object_path(identifier) == path


def test_a_long_identifier_is_cut_and_its_digest_added() -> None:
    identifier = "x" * 101
    digest = hashlib.sha256(identifier.encode()).hexdigest()
    assert object_path(identifier).rpartition("/")[2] == f"{'x' * 100}-{digest}"


def test_a_storage_root_names_its_layout_and_the_values_of_it() -> None:
    files = root_files()
    layout = json.loads(files["ocfl_layout.json"])
    config = json.loads(files[f"extensions/{layout['extension']}/config.json"])
    assert files["0=ocfl_1.1"] == "ocfl_1.1\n"
    assert config["extensionName"] == layout["extension"]
