"""Heads that were kept outside a register: typed by hand, or read from exported files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.holdings.chain import RegisterHead
from archtool.holdings.heads.head_statement import FIRST_LINE, HeadStatement
from archtool.holdings.limits import MAX_HEAD_BYTES, MAX_HEAD_FILES
from archtool.openssh.limits import MAX_SIGNATURE_FILE_BYTES
from archtool.operations.describe.inputs import read_input
from archtool.operations.holdings.sign_head import SIGNATURE_SUFFIX, TIMESTAMP_SUFFIX
from archtool.timestamps.limits import MAX_TIMESTAMP_BYTES

_DIGEST = "sha256:"


@dataclass(frozen=True, slots=True)
class KnownSignature:
    """One signature over the text of a head."""

    path: str
    """Its file, or where it is in the register."""
    data: bytes
    timestamp: bytes | None = None
    key: str | None = None
    """The fingerprint under which it is stored; `None` for a file."""


@dataclass(frozen=True, slots=True)
class KnownHead:
    """One head from outside the chain."""

    where: str
    """Its file, or the text as it was typed."""
    head: RegisterHead
    statement: HeadStatement | None = None
    """`None` for a head that was typed: it names no register."""
    signatures: tuple[KnownSignature, ...] = ()


def read_known_heads(values: Iterable[str]) -> list[KnownHead]:
    """Read heads: each value is a head, the file of one, or a folder of such files.

    Signatures are read from the files beside, `FILE.<signer>.sig`.

    Raises:
        InputError: a value is none of these, or a folder has no head in it.
    """
    return [head for value in values for head in _read(value)]


def _read(value: str) -> Iterator[KnownHead]:
    path = Path(value)
    if _DIGEST in value and not path.exists():
        head = RegisterHead.parse(value)
        yield KnownHead(str(head), head)
    elif path.is_dir():
        yield from _read_folder(path)
    else:
        yield _read_file(path, {p.name: p for p in path.parent.glob("*") if p.name.startswith(path.name)})


def _read_folder(folder: Path) -> Iterator[KnownHead]:
    names = {path.name: path for path in folder.iterdir()}
    heads = [name for name in sorted(names) if name.endswith(".txt") and _is_head(names[name])]
    if not 0 < len(heads) <= MAX_HEAD_FILES:
        count = "no head of a register" if not heads else f"more than {MAX_HEAD_FILES:,} heads"
        raise InputError(
            f"there is {count} in {shown(str(folder))}" if not heads else f"{shown(str(folder))} has {count}",
            hint="name one file that `archtool holdings head --output` made",
        )
    beside: dict[str, dict[str, Path]] = {}
    for name in sorted(names):
        head, found, _ = name.partition(".txt.")
        beside.setdefault(f"{head}.txt" if found else name, {})[name] = names[name]
    for name in heads:
        yield _read_file(names[name], beside[name])


def _is_head(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(FIRST_LINE)) == FIRST_LINE.encode()
    except OSError:
        return False


def _read_file(path: Path, beside: Mapping[str, Path]) -> KnownHead:
    where = shown(str(path))
    statement = HeadStatement.parse(read_input(path, MAX_HEAD_BYTES, "the head"), where)
    return KnownHead(where, statement.head, statement, tuple(_read_signatures(path.name, beside)))


def _read_signatures(name: str, beside: Mapping[str, Path]) -> Iterator[KnownSignature]:
    for other in sorted(beside):
        if other.startswith(f"{name}.") and other.endswith(SIGNATURE_SUFFIX):
            stamp = beside.get(f"{other}{TIMESTAMP_SUFFIX}")
            data = read_input(beside[other], MAX_SIGNATURE_FILE_BYTES, "the signature")
            token = read_input(stamp, MAX_TIMESTAMP_BYTES, "the timestamp") if stamp is not None else None
            yield KnownSignature(shown(str(beside[other])), data, token)
