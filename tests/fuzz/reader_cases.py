"""Readers of single files, each with good files to start from: a changed file may only be refused."""

from __future__ import annotations

import io
import json
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archtool.attestations.statements.statement_reader import parse_statement
from archtool.bagit.profile import parse_profile
from archtool.batch.journal.state import JournalState
from archtool.description.citation import check_citation
from archtool.description.library import parse_library
from archtool.description.loading import load_description
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.operations.content.inventory.line_claims import collect_line_claims
from archtool.operations.content.metadata import Metadata
from archtool.operations.trust.policies import parse_policy
from archtool.provenance.reader import claims_of, digests_claimed_by_premis, parse_prov_json
from archtool.provenance.statements import statements_of_premis, statements_of_prov
from archtool.schemas import schema_faults
from archtool.strict_json import JsonRules, parse_json
from archtool.tables.workbook import Workbook
from packages import EXAMPLES, make_package, write_allowed_signers, write_key

RULES = JsonRules(1_000_000, max_values=10_000)
JOURNAL = (
    '{"schema":"archtool/batch-journal/1","verb":"pack","begun_at":"2026-11-22T12:00:00+00:00","run":1}\n'
    '{"key":"a","began":true}\n'
    '{"key":"a","ending":"done","inputs":"x","exit_code":0,"message":null,"packaged_at":"2026-11-22T12:00:00+00:00"}\n'
    '{"complete":true}\n{"run":2}\n'
)
POLICY = """\
archtool-policy: 1
claims:
  - { event: packaging, required: true, signers: ["archivist@example.org", "*@example.org"] }
  - { event: fixity-check, not-older-than-days: 400, timestamp: true, at-least: 1 }
other-claims: refused
"""
PROFILE = {"BagIt-Profile-Info": {"BagIt-Profile-Identifier": "x"}, "Bag-Info": {"A": {"values": ["b"]}}}
LIBRARY = [{"id": "a", "type": "book", "title": "T"}, {"id": "b", "citation-key": "c", "type": "chapter"}]


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: its good files, and how it is called."""

    starts: tuple[bytes, ...]
    read: Callable[[bytes], object]
    """Raises an error of archtool's own to refuse a file; returns the fault of its result, if any."""
    pack: Callable[[bytes], bytes] = bytes
    """Makes the file from the changed bytes."""


@cache
def readers() -> dict[str, Reader]:
    """Return all readers by their names."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = make_package(folder)
        metadata = {path.name: path.read_bytes() for path in (package / "metadata").iterdir()}
        statement = next(package.glob("attestations/*/statement.json")).read_bytes()
        signers = write_allowed_signers(folder, "archivist@example.org", "curator@example.org").read_bytes()
        keys = write_key(folder).with_suffix(".pub").read_bytes()
        krl = _revocation_list(folder)
    fingerprint = b"SHA256:" + b"A" * 43 + b"\n"
    citation, annexes = metadata["citation.json"], metadata["annexes.json"]
    prov, premis = metadata["provenance.json"], metadata["premis.xml"]
    jsons = (citation, annexes, prov, statement, json.dumps([PROFILE, LIBRARY]).encode())
    yaml = (metadata["description.yaml"], (EXAMPLES / "rakovsky-1932" / "description.yaml").read_bytes())
    return {
        "json": Reader(jsons, _read_json),
        "citation": Reader((citation,), _read_citation),
        "annexes": Reader((annexes,), _read_annexes),
        "provenance": Reader((prov,), _read_prov),
        "premis": Reader((premis,), _read_premis),
        "statement": Reader((statement,), _only_read(lambda data: parse_statement(data, "s"))),
        "description": Reader(yaml, _only_read(lambda data: load_description(data, "s", is_json=False))),
        "profile": Reader((json.dumps(PROFILE).encode(),), _only_read(lambda data: parse_profile(data, "s"))),
        "library": Reader((json.dumps(LIBRARY).encode(),), _read_library),
        "journal": Reader((JOURNAL.encode(),), _read_journal),
        "workbook": Reader(_sheets(), _read_workbook, _workbook_with),
        "allowed signers": Reader((signers,), _only_read(_read_signers)),
        "revoked keys": Reader(
            (keys, fingerprint, krl), _only_read(lambda data: RevokedKeys.parse(data, "s"))
        ),
        "policy": Reader((POLICY.encode(),), _only_read(lambda data: parse_policy(data, "s"))),
    }  # fmt: skip


def _revocation_list(folder: Path) -> bytes:
    """Return a revocation list in OpenSSH's binary form (KRL)."""
    key = write_key(folder).with_suffix(".pub")
    subprocess.run(["ssh-keygen", "-q", "-k", "-f", folder / "revoked.krl", key], check=True)
    return (folder / "revoked.krl").read_bytes()


def _only_read(read: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """Return a reader whose result is not checked."""

    def reads(data: bytes) -> None:
        read(data)

    return reads


def _read_json(data: bytes) -> str | None:
    """Parse with another JSON reader, and report a key that occurs twice in one object."""
    value = parse_json(data, "s", RULES)
    doubled: list[str] = []

    def keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        doubled.extend(name for name, _ in pairs if [one for one, _ in pairs].count(name) > 1)
        return dict(pairs)

    other = json.loads(data, object_pairs_hook=keys)
    return "read in two ways" if doubled or json.dumps(other) != json.dumps(value) else None


def _read_citation(data: bytes) -> None:
    check_citation(parse_json(data, "s", RULES))


def _read_annexes(data: bytes) -> None:
    schema_faults("annexes.schema.json", parse_json(data, "s", RULES))
    collect_line_claims(Metadata({"metadata/annexes.json": data}))


def _read_prov(data: bytes) -> None:
    document = parse_prov_json(data, 100_000)
    list(statements_of_prov(document))
    schema_faults("provenance.schema.json", document)
    claims_of(document)


def _read_premis(data: bytes) -> None:
    digests_claimed_by_premis(data)
    list(statements_of_premis(data))


def _read_library(data: bytes) -> None:
    library = parse_library(data, "s")
    for key in ("a", "b", "c", "d"):
        library.find(key)


def _read_journal(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        JournalState().read(Path(file.name))


def _read_signers(data: bytes) -> AllowedSigners:
    return AllowedSigners.parse(data.decode("utf-8", "surrogateescape"), "s")


@cache
def _parts() -> dict[str, bytes]:
    import openpyxl

    book, data = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["package", "title", "date"])
    book.active.append(["a", 'Letter "1"', 1932])
    book.active.append([None, "=1+1", 0.5])
    book.save(data)
    with zipfile.ZipFile(data) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _sheets() -> tuple[bytes, ...]:
    """Return the parts of a workbook that are changed, each with its name in the first line."""
    return tuple(name.encode() + b"\n" + data for name, data in _parts().items() if name.endswith(".xml"))


def _workbook_with(changed: bytes) -> bytes:
    """Return the workbook with one changed part; a changed name adds a part."""
    name, _, data = changed.partition(b"\n")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts_of = _parts() | {name.decode("latin-1").partition("\0")[0] or "x": data}
        for one, content in parts_of.items():
            parts.writestr(one, content)
    return file.getvalue()


def _read_workbook(data: bytes) -> None:
    book = Workbook(io.BytesIO(data), "s.xlsx")
    try:
        for number in range(len(book.sheets)):
            _use(book.table(number).rows)
    finally:
        book.close()


def _use(rows: Iterable[object]) -> None:
    for _ in rows:
        pass
