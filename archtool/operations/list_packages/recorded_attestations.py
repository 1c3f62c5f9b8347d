"""Reads which attestations a package and its sidecar hold: the head of the chain, and the last check.

No signature is checked, and no statement is compared with the package: the result is what is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import LIST_NAME, ROOT, STATEMENT_NAME
from archtool.attestations.limits import MAX_LIST_BYTES, MAX_STATEMENT_BYTES
from archtool.attestations.statements.events import FIXITY_CHECK, VALIDATION
from archtool.attestations.statements.statement_reader import parse_statement
from archtool.errors import InputError
from archtool.files.file_kinds import NotAFileError
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.report.package_row import RecordedCheck

_CHECKS = frozenset((FIXITY_CHECK, VALIDATION))
"""The events that claim that the whole content was checked."""
Recorded = tuple[str | None, RecordedCheck | None]


class _Chain:
    """The attestations in one place: the package, or its sidecar."""

    def __init__(self, source: FileSource, above: str, *, is_sidecar: bool) -> None:
        self._source, self._above, self.is_sidecar = source, above, is_sidecar

    def names(self) -> list[str]:
        """Return the names of the attestations' folders.

        Raises:
            OSError: the folder cannot be listed.
        """
        if isinstance(self._source, Tree):
            try:
                return _numbered(self._source.list_names(self._above.rstrip("/")).folders)
            except (FileNotFoundError, NotAFileError):
                return []
        paths = (found.path for found in self._source.walk())
        return _numbered({path.split("/")[1] for path in paths if path.startswith(ROOT)})

    def read(self, name: str, file: str, limit_bytes: int) -> bytes:
        """Return the bytes of a file of one attestation."""
        return self._source.read_bytes(f"{self._above}{name}/{file}", limit_bytes)


def _numbered(names: Iterable[str]) -> list[str]:
    return [name for name in names if name[:4].isdecimal() and name[4:5] == "-" and name.isascii()]


def read_recorded(source: FileSource, path: Path) -> Recorded:
    """Return the head of the chain, and the last check.

    Raises:
        OSError: the attestations, or those in the sidecar, cannot be read.
    """
    inside = _Chain(source, ROOT, is_sidecar=False)
    beside = find_sidecar(path)
    if beside is None:
        return _read([inside])
    with Tree(beside) as tree:
        return _read([inside, _Chain(tree, "", is_sidecar=True)])


def _read(chains: list[_Chain]) -> Recorded:
    """Read the newest attestations; one that is in both places is read in the package."""
    places = {name: chain for chain in reversed(chains) for name in chain.names()}
    names = sorted(places)
    if not names:
        return None, None
    newest, last = names[-1], next((name for name in reversed(names) if name[5:] in _CHECKS), None)
    check = None if last is None else _read_check(places[last], last)
    return str(ChainHead.of(newest, places[newest].read(newest, LIST_NAME, MAX_LIST_BYTES))), check


def _read_check(chain: _Chain, name: str) -> RecordedCheck:
    """Read the claim of a check; a statement that cannot be read leaves its fields empty."""
    event = name[5:]
    try:
        statement = parse_statement(chain.read(name, STATEMENT_NAME, MAX_STATEMENT_BYTES), name)
    except (OSError, InputError):
        return RecordedCheck(name, event, chain.is_sidecar)
    return RecordedCheck(
        name,
        event,
        chain.is_sidecar,
        statement.claimed_at,
        tuple(claimant.principal for claimant in statement.claimants),
        statement.details.get("outcome"),
        statement.details.get("content"),
    )
