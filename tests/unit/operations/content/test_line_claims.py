"""The inventory states the lines of an annexe in its file: `verify` checks them while it reads the file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archtool.operations.content.inventory.line_claims import collect_line_claims
from archtool.operations.content.metadata import Metadata
from archtool.operations.limits import MAX_CLAIMS
from command_line import archtool
from packages import pack, write_letter

TEXT = "To the sections.\n***\nThe annexe.\nIts last line.\n"
ANNEXES = """\
annexes:
  - title: The annexe
    status: reproduced
    within: { file: letter.txt, from-line: 3 }
"""
CLAIM = {
    "file": "data/letter.txt",
    "lines": {
        "from-line": 1,
        "to-line": 1,
        "offset-bytes": 0,
        "size-bytes": 1,
        "digest": {"sha512": "0" * 128},
    },
}


@pytest.fixture
def package(tmp_path: Path, letters: Path) -> Path:
    assert pack(write_letter(letters, ANNEXES, TEXT), tmp_path / "package").code == 0
    return tmp_path / "package"


def change_lines(package: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the lines in the inventory, and the tag manifest accordingly."""
    path, manifest = package / "metadata" / "annexes.json", package / "tagmanifest-sha512.txt"
    old = hashlib.sha512(path.read_bytes()).hexdigest()
    inventory = json.loads(path.read_text(encoding="utf-8"))
    change(inventory["annexes"][0]["text"]["lines"])
    path.write_text(json.dumps(inventory), encoding="utf-8")
    new = hashlib.sha512(path.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(old, new))


def test_lines_that_match_the_inventory_are_not_a_finding(package: Path) -> None:
    assert archtool("verify", package, "--json").codes == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("from-line", 2),
        ("to-line", 3),
        ("to-line", 99),
        ("offset-bytes", 20),
        ("size-bytes", 1),
        ("digest", {"sha512": "0" * 128}),
    ],
)
def test_lines_that_differ_from_the_inventory_are_found(package: Path, key: str, value: Any) -> None:
    change_lines(package, lambda lines: lines.update({key: value}))
    run = archtool("verify", package, "--json")
    others = ["content.inventory-differs"] if key == "from-line" else []  # the description gives this one
    assert run.codes == [*others, "content.lines-differ"]
    assert run.objects[0]["verdict"] == {"bag": "valid", "content": "inconsistent", "trust": "not-asked"}


def test_the_size_in_the_inventory_is_compared_with_the_file(package: Path) -> None:
    path, manifest = package / "metadata" / "annexes.json", package / "tagmanifest-sha512.txt"
    data = path.read_bytes()
    path.write_bytes(data.replace(f'"size-bytes": {len(TEXT)}'.encode(), b'"size-bytes": 7'))
    old, new = (hashlib.sha512(d).hexdigest() for d in (data, path.read_bytes()))
    manifest.write_text(manifest.read_text().replace(old, new))
    run = archtool("verify", package, "--json")
    assert run.codes == ["content.digest-differs"]
    assert f"has {len(TEXT)} bytes, not 7" in run.out


def test_a_damaged_file_is_reported_once(package: Path) -> None:
    (package / "data" / "letter.txt").write_text(TEXT.replace("last", "lost"))
    assert archtool("verify", package, "--json").codes == ["fixity.digest-mismatch"]


def collect(inventory: Any) -> Any:
    return collect_line_claims(Metadata({"metadata/annexes.json": json.dumps(inventory).encode()}))


@pytest.mark.parametrize(
    "damage",
    [
        {"lines": {}},
        {"lines": CLAIM["lines"] | {"from-line": -1}},
        {"lines": CLAIM["lines"] | {"to-line": "1"}},
        {"lines": CLAIM["lines"] | {"digest": {}}},
        {"lines": CLAIM["lines"] | {"digest": {"sha512": "xyz"}}},
        {"lines": CLAIM["lines"] | {"digest": {"crc32": "00"}}},
        {"lines": None},
    ],
)
def test_a_value_without_the_form_of_a_claim_is_left_to_the_schema(damage: dict[str, Any]) -> None:
    claims = collect({"annexes": [{"text": CLAIM | damage}]})
    assert claims.sinks("data/letter.txt") == ()


def test_claims_are_found_at_any_depth_and_checked_once() -> None:
    claims = collect({"annexes": [{"enclosures": [{"text": CLAIM}]}]})
    assert len(claims.sinks("data/letter.txt")) == 1
    assert claims.sinks("data/letter.txt") == ()  # a second read is for the digests only


def test_an_inventory_that_is_not_json_has_no_claims() -> None:
    assert collect_line_claims(Metadata({"metadata/annexes.json": b"{"})).sinks("data/letter.txt") == ()


def test_a_hostile_inventory_does_not_multiply_the_work() -> None:
    claims = collect({"annexes": [{"text": CLAIM}] * (MAX_CLAIMS + 5)})
    assert len(claims.sinks("data/letter.txt")) == MAX_CLAIMS
    (finding,) = claims.findings(frozenset())
    assert finding.code == "content.lines-not-checked"
    assert finding.message.startswith("5 ranges")
