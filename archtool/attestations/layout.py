"""Names and paths of attestation files: the folders `attestations/NNNN-event/` and their content.

All paths are paths in a package: UTF-8 text with `/`, as in its tag manifest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archtool.attestations.limits import MAX_ATTESTATIONS
from archtool.attestations.statements.events import EVENT_PATTERN
from archtool.errors import InputError

ROOT = "attestations/"
RECORDS = "evidence/"
STATEMENT_NAME = "statement.json"
LIST_NAME = "sha512sums.txt"
CMS_NAME = f"{LIST_NAME}.p7s"
SLUG_PATTERN = "[a-z0-9._-]{1,64}"
_FOLDER = re.compile(
    rf"attestations/(?P<number>[0-9]{{4}})-(?P<event>{EVENT_PATTERN})/(?P<name>.+)", re.DOTALL
)
_EVENT = re.compile(EVENT_PATTERN)
_SIGNATURE = re.compile(rf"sha512sums\.txt\.{SLUG_PATTERN}\.sig")
TIMESTAMP_SUFFIX = ".sig.tsr"
_TIMESTAMP = re.compile(rf"sha512sums\.txt\.{SLUG_PATTERN}\.sig\.tsr")
_MANIFEST = re.compile(r"manifest-[a-z0-9]{1,32}\.txt")
_RECORD = re.compile(r"evidence/([0-9]{4})\.ers")
_TAG_MANIFEST = re.compile(r"tagmanifest-[a-z0-9]{1,32}\.txt")


@dataclass(frozen=True, slots=True)
class AttestationFolder:
    """One attestation's folder and those of its files that have a known name."""

    number: int
    event: str
    paths: frozenset[str]
    """Full paths in the package."""

    @property
    def name(self) -> str:
        """The folder's name, `0001-packaging`, by which later attestations link to this one."""
        return f"{self.number:04}-{self.event}"

    @property
    def path(self) -> str:
        """The folder's path in the package, without a trailing slash."""
        return ROOT + self.name

    @property
    def statement_path(self) -> str:
        """The path of its statement."""
        return f"{self.path}/{STATEMENT_NAME}"

    @property
    def list_path(self) -> str:
        """The path of its checksum list, the file that is signed."""
        return f"{self.path}/{LIST_NAME}"

    @property
    def signature_paths(self) -> tuple[str, ...]:
        """The paths of its signatures, sorted."""
        return tuple(sorted(p for p in self.paths if _SIGNATURE.fullmatch(p.rpartition("/")[2])))

    @property
    def timestamp_paths(self) -> tuple[str, ...]:
        """The paths of its signatures' timestamps, sorted."""
        return tuple(sorted(p for p in self.paths if _TIMESTAMP.fullmatch(p.rpartition("/")[2])))

    @property
    def uncoverable_paths(self) -> frozenset[str]:
        """The files that its own list cannot name: the list, all its signatures, and their timestamps."""
        return self.paths - {self.statement_path}


def timestamp_path(signature_path: str) -> str:
    """Return the path of a signature's timestamp."""
    return f"{signature_path}.tsr"


def cms_path(list_path: str) -> str:
    """Return the path of a checksum list's CMS signature."""
    return list_path.removesuffix(LIST_NAME) + CMS_NAME


def attestation_folder(number: int, event: str) -> AttestationFolder:
    """Return the folder of a new attestation, without files.

    Raises:
        InputError: the number is not 1 to 9999, or the event's name cannot be part of a path.
    """
    if not 0 < number <= MAX_ATTESTATIONS:
        raise InputError(f"an attestation cannot have the number {number} (1 to {MAX_ATTESTATIONS})")
    if _EVENT.fullmatch(event) is None:
        raise InputError(
            f"not the name of an event: {event[:80]!r}",
            hint="use lower-case letters, digits and hyphens, for instance custody-transfer",
        )
    return AttestationFolder(number, event, frozenset())


def read_layout(paths: Iterable[str]) -> tuple[tuple[AttestationFolder, ...], tuple[str, ...]]:
    """Group the files below `attestations/` into folders by number; return those and the unexpected files."""
    folders: dict[tuple[int, str], set[str]] = {}
    unexpected: list[str] = []
    for path in sorted([path for path in paths if path.startswith(ROOT)]):
        found = _FOLDER.fullmatch(path)
        if found is None or not _belongs(found["name"]):
            unexpected.append(path)
        else:
            folders.setdefault((int(found["number"]), found["event"]), set()).add(path)
    known = (
        AttestationFolder(number, event, frozenset(inside))
        for (number, event), inside in sorted(folders.items())
    )
    return tuple(known), tuple(unexpected)


def record_path(number: int) -> str:
    """Return the path of an evidence record in a package.

    Raises:
        InputError: the number is not 1 to 9999.
    """
    if not 0 < number <= MAX_ATTESTATIONS:
        raise InputError(f"a package cannot have {number} evidence records (1 to {MAX_ATTESTATIONS})")
    return f"{RECORDS}{number:04}.ers"


def record_number(path: str) -> int | None:
    """Return the number of an evidence record from its path; `None` for another file."""
    found = _RECORD.fullmatch(path)
    return int(found[1]) if found else None


def is_payload_manifest(path: str) -> bool:
    """Whether a path names a payload manifest of the package (RFC 8493 §2.1.3)."""
    return path.startswith("manifest-") and _MANIFEST.fullmatch(path) is not None


def is_tag_manifest(path: str) -> bool:
    """Whether a path names a tag manifest, which no signed list may name (RFC 8493 §2.2.1)."""
    return path.startswith("tagmanifest-") and _TAG_MANIFEST.fullmatch(path) is not None


def _belongs(name: str) -> bool:
    is_signing = _SIGNATURE.fullmatch(name) or _TIMESTAMP.fullmatch(name)
    return name in (STATEMENT_NAME, LIST_NAME, CMS_NAME) or is_signing is not None
