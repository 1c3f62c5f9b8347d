"""A tar as a list of records, each a header and its data, which mutators can change separately."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass, field

from fuzz.folder import Fifo, Folder, Folders, Item, Link

BLOCK = 512
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
OFFSETS = {
    "name": (0, 100), "mode": (100, 8), "uid": (108, 8), "gid": (116, 8), "size": (124, 12),
    "mtime": (136, 12),
    "checksum": (148, 8), "type": (156, 1), "linkname": (157, 100), "magic": (257, 8), "uname": (265, 32),
    "devmajor": (329, 8), "devminor": (337, 8), "prefix": (345, 155),
}  # fmt: skip
"""Field → offset and length in bytes (POSIX.1-1988, ustar)."""


@dataclass(slots=True)
class Record:
    """One header and its data."""

    header: bytearray
    data: bytes = b""
    filling: bytes = b"\0"
    """The padding of the last block."""

    def get(self, name: str) -> bytes:
        """Return the bytes of one field."""
        begin, size = OFFSETS[name]
        return bytes(self.header[begin : begin + size])

    def set(self, name: str, value: bytes) -> None:
        """Write one field; the checksum is not updated."""
        begin, size = OFFSETS[name]
        self.header[begin : begin + size] = value[:size].ljust(size, b"\0")

    def set_number(self, name: str, value: int) -> None:
        """Write a number in octal digits."""
        self.set(name, b"%0*o\0" % (OFFSETS[name][1] - 1, value))

    def sum_up(self) -> None:
        """Compute the checksum again."""
        self.set("checksum", b" " * 8)
        self.set("checksum", b"%06o\0 " % sum(self.header))

    def to_bytes(self) -> bytes:
        """Return the record as in the archive, in whole blocks."""
        missing = -len(self.data) % BLOCK
        return bytes(self.header) + self.data + (self.filling * missing)[:missing]

    def copy(self) -> Record:
        """Return a copy."""
        return Record(bytearray(self.header), self.data, self.filling)


@dataclass(slots=True)
class Tar:
    """All records and the end of the archive."""

    records: list[Record] = field(default_factory=list)
    tail: bytes = bytes(2 * BLOCK)

    def to_bytes(self) -> bytes:
        """Return the bytes of the archive."""
        return b"".join(record.to_bytes() for record in self.records) + self.tail


def new_record(name: bytes, kind: bytes = b"0", data: bytes = b"", points_to: bytes = b"") -> Record:
    """Return a correct record."""
    record = Record(bytearray(BLOCK), data)
    record.set("name", name)
    for number, value in (("mode", 0o644), ("uid", 0), ("gid", 0), ("size", len(data)), ("mtime", 0)):
        record.set_number(number, value)
    record.set("type", kind)
    record.set("linkname", points_to)
    record.set("magic", b"ustar\x0000")
    record.sum_up()
    return record


def pax_record(fields: list[tuple[bytes, bytes]], kind: bytes = b"x") -> Record:
    """Return a record of attributes for the next member (`x`) or for all that follow (`g`)."""
    return new_record(b"PaxHeader", kind, b"".join(pax_field(key, value) for key, value in fields))


def pax_field(key: bytes, value: bytes) -> bytes:
    """Return `LENGTH KEY=VALUE`, where the length includes its own digits."""
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


def tar_of_items(items: Folders, base: str, form: str, *, with_folders: bool) -> Tar:
    """Return a good tar in the form `ustar`, `gnu`, `pax`, or `v7` (before 1988)."""
    buffer = io.BytesIO()
    options = {"format": FORMATS.get(form, tarfile.GNU_FORMAT), "encoding": "utf-8"}
    with tarfile.open(fileobj=buffer, mode="w", errors="surrogateescape", **options) as tar:
        for name in _folders_of(items, base) if with_folders else ():
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
        for name, item in items.items():
            _add(tar, f"{base}/{name}" if base else name, item)
    made = parse_tar(buffer.getvalue())
    if form == "v7":
        for record in made.records:
            for mark in ("magic", "uname", "devmajor", "devminor", "prefix"):
                record.set(mark, b"")
            if record.get("type") == b"0":
                record.set("type", b"\0")
            record.sum_up()
    return made


def _add(tar: tarfile.TarFile, name: str, item: Item) -> None:
    header = tarfile.TarInfo(name)
    data = b""
    match item:
        case bytes():
            header.size, data = len(item), item
        case Link(target):
            header.type, header.linkname = tarfile.SYMTYPE, target
        case Fifo():
            header.type = tarfile.FIFOTYPE
        case Folder():
            header.type, header.mode = tarfile.DIRTYPE, 0o755
    try:
        header.tobuf(tar.format, "utf-8", "surrogateescape")
    except (ValueError, UnicodeError):
        return  # this form cannot store such a name
    tar.addfile(header, io.BytesIO(data))


def _folders_of(items: Folders, base: str) -> list[str]:
    folders = {base} if base else set()
    for name in items:
        parts = f"{base}/{name}".strip("/").split("/")[:-1]
        folders |= {"/".join(parts[: n + 1]) for n in range(len(parts))}
    return sorted(folders)


def parse_tar(data: bytes) -> Tar:
    """Parse a good tar."""
    tar, at = Tar(), 0
    while any(data[at : at + BLOCK]):
        header = bytearray(data[at : at + BLOCK])
        size = int(header[124:136].strip(b"\0 ") or b"0", 8)
        tar.records.append(Record(header, data[at + BLOCK : at + BLOCK + size]))
        at += BLOCK + -(-size // BLOCK) * BLOCK
    return tar
