"""Small files made to need gigabytes or hours: they are refused, or reported with few findings, soon."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from command_line import unmeasured
from unit.bagit.bag_builders import bag_files, write_bag

ALLOWED_BYTES = 700 * 1024 * 1024
COUNT = 170_000
ANNEXES = {
    "schema": "urn:archtool:schema:annexes:1",
    "document": {"id": None, "title": "x"},
    "counts": {},
    "annexes": [{}] * COUNT,
}
STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "manifest-sha512.txt", "digest": {"sha512": "0" * 128}}],
    "predicateType": "urn:archtool:attestation:x-a:1",
    "predicate": {
        "event": "x-a", "eventType": "urn:archtool:event:x-a", "claimedAt": "2026-01-01T00:00:00Z",
        "package": None, "software": {"name": "archtool", "version": "0.1.0"}, "previous": [], "details": {},
        "claimants": [{"principal": "a@b", "key": "SHA256:" + "A" * 43, "keyType": "ssh-ed25519"}],
    },
}  # fmt: skip
NESTED = "[" * 400_000 + "]" * 400_000


def verify(bag: Path, *, is_measured: bool = False) -> tuple[int, list[dict[str, Any]]]:
    """Verify a bag in a process with limited memory."""
    run = subprocess.run(
        [sys.executable, "-m", "archtool", "verify", "--json", str(bag)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=None if is_measured else unmeasured(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ALLOWED_BYTES, ALLOWED_BYTES)),
    )
    assert run.returncode in (1, 3), run.stderr
    return run.returncode, json.loads(run.stdout)["findings"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("metadata/citation.json", json.dumps([[{}] * 330_000])),
        ("metadata/citation.json", json.dumps([{}] * 90_000)),
        ("metadata/citation.json", NESTED),
        ("metadata/citation.json", json.dumps([{"id": "a", "type": "book", "author": [{"x": 1}] * 40_000}])),
        ("metadata/annexes.json", json.dumps(ANNEXES)),
        ("metadata/annexes.json", NESTED),
        ("metadata/description.json", json.dumps({"archtool": 1, "annexes": [{}] * COUNT})),
        ("metadata/description.json", json.dumps({"archtool": 1, **{f"k{n}": 1 for n in range(COUNT)}})),
        ("metadata/description.json", '{"archtool": 1' + ', "archtool": 1' * COUNT + "}"),
        ("metadata/provenance.json", json.dumps({"entity": {"pkg:a": {"x": [{}] * 3_000_000}}})),
        ("metadata/provenance.json", json.dumps({"entity": {f"pkg:{n}": {} for n in range(40_000)}})),
        ("attestations/0001-x/statement.json", json.dumps({**STATEMENT, "subject": [{}] * COUNT})),
        ("attestations/0001-x/statement.json", json.dumps({"predicate": {"claimants": [{}] * COUNT}})),
    ],
)  # fmt: skip
def test_a_small_metadata_file_with_many_faults_needs_limited_memory(
    path: str, text: str, tmp_path: Path
) -> None:
    bag = write_bag(tmp_path / "bag", bag_files({"data/a": b"a"}, extra={path: text.encode()}))
    _, findings = verify(bag)
    assert any(finding["file"] == path for finding in findings)
    assert len(findings) < 5_000
    assert all(len(finding["message"]) <= 1_000 for finding in findings)


def test_a_chain_without_links_has_one_finding_for_each_attestation(
    tmp_path: Path,
) -> None:
    text = json.dumps(STATEMENT).encode()
    extra = {f"attestations/{number:04}-x-a/statement.json": text for number in range(1, 1_501)}
    bag = write_bag(tmp_path / "bag", bag_files({"data/a": b"a"}, extra=extra))
    _, findings = verify(bag)
    links = [f["message"] for f in findings if f["code"] == "attestation.link-differs"]
    assert len(links) == 1_499
    assert links[-1].endswith(
        "has no link to the earlier attestations 0001-x-a, 0002-x-a, 0003-x-a and 1,496 more"
    )


def test_attestations_larger_than_the_limit_are_not_read_into_memory(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files({"data/a": b"a"}))
    for number in range(1, 61):
        folder = bag / "attestations" / f"{number:04}-x-a"
        folder.mkdir(parents=True)
        with (folder / "sha512sums.txt").open("wb") as file:
            file.truncate(16 * 1024 * 1024)
    code, findings = verify(bag, is_measured=True)
    assert code == 3
    (finding,) = [f for f in findings if f["code"] == "attestation.too-large"]
    assert finding["message"].startswith(
        "the attestations and signatures of the package have more than 268,435,456"
    )


def test_a_statement_without_a_link_to_the_earlier_attestation_is_reported(tmp_path: Path) -> None:
    text = json.dumps(STATEMENT).encode()
    extra = {f"attestations/{number:04}-x-a/statement.json": text for number in (1, 2)}
    _, findings = verify(write_bag(tmp_path / "bag", bag_files({"data/a": b"a"}, extra=extra)))
    links = [f["message"] for f in findings if f["code"] == "attestation.link-differs"]
    assert links == ["attestations/0002-x-a/statement.json has no link to the earlier attestation 0001-x-a"]
