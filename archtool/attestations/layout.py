"""Where an attestation's files lie: `attestations/NNNN-event/`, and what may be in such a folder.

Paths here are paths in a package: UTF-8 text with `/`, as its tag manifest writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archtool.attestations.statements.events import EVENT_PATTERN
from archtool.errors import InputError

ROOT = "attestations/"
RECORDS = "evidence/"
STATEMENT_NAME = "statement.json"
LIST_NAME = "sha512sums.txt"
CMS_NAME = f"{LIST_NAME}.p7s"
MAX_ATTESTATIONS = 9999  # what four digits count
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
    """One attestation's folder and the files of it that belong there."""

    number: int
    event: str
    paths: frozenset[str]
    """Full paths in the package."""

    @property
    def name(self) -> str:
        """`0001-packaging`: how later attestations speak of this one."""
        return f"{self.number:04}-{self.event}"

    @property
    def path(self) -> str:
        """The folder's path in the package, without a slash at its end."""
        return ROOT + self.name

    @property
    def statement_path(self) -> str:
        """Where its statement lies."""
        return f"{self.path}/{STATEMENT_NAME}"

    @property
    def list_path(self) -> str:
        """Where its checksum list lies: the file that is signed."""
        return f"{self.path}/{LIST_NAME}"

    @property
    def signature_paths(self) -> tuple[str, ...]:
        """Its signatures, sorted."""
        return tuple(sorted(p for p in self.paths if _SIGNATURE.fullmatch(p.rpartition("/")[2])))

    @property
    def timestamp_paths(self) -> tuple[str, ...]:
        """The timestamps of its signatures, sorted."""
        return tuple(sorted(p for p in self.paths if _TIMESTAMP.fullmatch(p.rpartition("/")[2])))

    @property
    def own_uncoverable(self) -> frozenset[str]:
        """What its own checksum list cannot name: the list, its signatures of all kinds, their timestamps."""
        return self.paths - {self.statement_path}


def timestamp_path(signature_path: str) -> str:
    """Where the timestamp of a signature lies."""
    return f"{signature_path}.tsr"


def cms_path(list_path: str) -> str:
    """Where the CMS signature of a checksum list lies."""
    return list_path.removesuffix(LIST_NAME) + CMS_NAME


def attestation_folder(number: int, event: str) -> AttestationFolder:
    """The folder of a new attestation.

    Raises:
        InputError: the number is not one of four digits, or the event's name does not fit in a path.
    """
    if not 0 < number <= MAX_ATTESTATIONS:
        raise InputError(f"an attestation cannot have the number {number} (1 to {MAX_ATTESTATIONS})")
    if _EVENT.fullmatch(event) is None:
        raise InputError(
            f"not the name of an event: {event[:80]!r}",
            hint="use small letters, digits and hyphens, for instance custody-transfer",
        )
    return AttestationFolder(number, event, frozenset())


def read_layout(paths: Iterable[str]) -> tuple[tuple[AttestationFolder, ...], tuple[str, ...]]:
    """Sort the files below `attestations/` into folders, by number, and those that belong to none."""
    folders: dict[tuple[int, str], set[str]] = {}
    strangers: list[str] = []
    for path in sorted([path for path in paths if path.startswith(ROOT)]):
        found = _FOLDER.fullmatch(path)
        if found is None or not _belongs(found["name"]):
            strangers.append(path)
        else:
            folders.setdefault((int(found["number"]), found["event"]), set()).add(path)
    known = (
        AttestationFolder(number, event, frozenset(inside))
        for (number, event), inside in sorted(folders.items())
    )
    return tuple(known), tuple(strangers)


def record_path(number: int) -> str:
    """Where a package keeps an evidence record.

    Raises:
        InputError: the number is not one of four digits.
    """
    if not 0 < number <= MAX_ATTESTATIONS:
        raise InputError(f"a package cannot have {number} evidence records (1 to {MAX_ATTESTATIONS})")
    return f"{RECORDS}{number:04}.ers"


def record_number(path: str) -> int | None:
    """Which evidence record a file is; `None` where it is none."""
    found = _RECORD.fullmatch(path)
    return int(found[1]) if found else None


def is_payload_manifest(path: str) -> bool:
    """Whether this is a payload manifest of the package (RFC 8493 §2.1.3)."""
    return path.startswith("manifest-") and _MANIFEST.fullmatch(path) is not None


def is_tag_manifest(path: str) -> bool:
    """Whether this is a tag manifest, which no signed list may name (RFC 8493 §2.2.1)."""
    return path.startswith("tagmanifest-") and _TAG_MANIFEST.fullmatch(path) is not None


def _belongs(name: str) -> bool:
    is_signing = _SIGNATURE.fullmatch(name) or _TIMESTAMP.fullmatch(name)
    return name in (STATEMENT_NAME, LIST_NAME, CMS_NAME) or is_signing is not None
