"""A zip as a list of members, each told of twice: before its data, and in the directory at the end."""

from __future__ import annotations

import stat
import struct
import zlib
from dataclasses import dataclass, field

from fuzz.folder import Fifo, Folder, Folders, Link

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
_FULL = 0xFFFFFFFF
_WIDE_EXTRA = 1
Lies = dict[str, int]


@dataclass(slots=True)
class Telling:
    """What one of the two headers says otherwise than the truth, by the name of the field."""

    lies: Lies = field(default_factory=dict)
    name: bytes | None = None
    extra: bytes = b""

    def copy(self) -> Telling:
        """Another one of the same."""
        return Telling(dict(self.lies), self.name, self.extra)


@dataclass(slots=True)
class ZipMember:
    """One member; what is not said is told truly."""

    name: bytes
    data: bytes
    packed: bytes
    method: int
    mode: int = 0
    flags: int = 0x800
    has_descriptor: bool = False
    is_wide: bool = False
    local: Telling = field(default_factory=Telling)
    central: Telling = field(default_factory=Telling)
    comment: bytes = b""
    gap: bytes = b""
    """What lies before it."""
    is_listed: bool = True
    is_there: bool = True

    def copy(self) -> ZipMember:
        """Another one of the same."""
        return ZipMember(
            self.name, self.data, self.packed, self.method, self.mode, self.flags, self.has_descriptor,
            self.is_wide, self.local.copy(), self.central.copy(), self.comment, self.gap, self.is_listed,
            self.is_there,
        )  # fmt: skip


@dataclass(slots=True)
class Zip:
    """Every member in the order of the data, and the records at the end."""

    members: list[ZipMember] = field(default_factory=list)
    order: list[int] | None = None
    """In which order the directory lists them, if in another one."""
    end: Lies = field(default_factory=dict)
    end_64: Lies | None = None
    """The record for large zips, if there is one, and what is untrue in it."""
    before: bytes = b""
    between: bytes = b""
    """Between the data and the directory."""
    comment: bytes = b""
    after: bytes = b""

    def to_bytes(self) -> bytes:
        """The archive."""
        body = bytearray(self.before)
        offsets = []
        for member in self.members:
            body += member.gap if member.is_there else b""
            offsets.append(len(body))
            body += _local(member) if member.is_there else b""
        body += self.between
        order = self.order if self.order is not None else range(len(self.members))
        listed = [(self.members[n], offsets[n]) for n in order if n < len(self.members)]
        entries = [_central(member, offset) for member, offset in listed if member.is_listed]
        directory = b"".join(entries)
        return bytes(body) + directory + self._records(len(entries), len(directory), len(body)) + self.after

    def _records(self, count: int, length: int, offset: int) -> bytes:
        said = {"disk": 0, "first_disk": 0, "here": count, "count": count, "length": length, "offset": offset}
        wide = b""
        if self.end_64 is not None:
            large = {**said, "at": offset + length, "disks": 1, "locator_disk": 0, "size": 44, **self.end_64}
            wide = END_64.pack(
                b"PK\6\6", large["size"], 45, 45, large["disk"], large["first_disk"], large["here"],
                large["count"], large["length"], large["offset"],
            ) + LOCATOR_64.pack(b"PK\6\7", large["locator_disk"], large["at"], large["disks"])  # fmt: skip
            said |= {"here": 0xFFFF, "count": 0xFFFF, "length": _FULL, "offset": _FULL}
        said |= self.end
        sizes = (said["length"] & _FULL, said["offset"] & _FULL)
        counts = (said["here"] & 0xFFFF, said["count"] & 0xFFFF)
        length_of_comment = said.get("comment", len(self.comment)) & 0xFFFF
        disks = (said["disk"] & 0xFFFF, said["first_disk"] & 0xFFFF)
        return wide + END.pack(b"PK\5\6", *disks, *counts, *sizes, length_of_comment) + self.comment


def _truth(member: ZipMember) -> dict[str, int]:
    return {
        "version": 45 if member.is_wide else 20, "flags": member.flags | (8 if member.has_descriptor else 0),
        "method": member.method, "time": 0, "date": 0x21, "crc": zlib.crc32(member.data),
        "packed": len(member.packed), "size": len(member.data), "made_by": 0x314, "disk": 0, "internal": 0,
        "attributes": member.mode << 16,
    }  # fmt: skip


def _local(member: ZipMember) -> bytes:
    truth = _truth(member)
    said, extra = dict(truth), member.local.extra
    if member.has_descriptor:
        said |= {"crc": 0, "packed": 0, "size": 0}
    elif member.is_wide:
        extra = struct.pack("<HHQQ", _WIDE_EXTRA, 16, said["size"], said["packed"]) + extra
        said |= {"packed": _FULL, "size": _FULL}
    said |= member.local.lies
    name = member.name if member.local.name is None else member.local.name
    header = LOCAL.pack(
        b"PK\3\4", said["version"] & 0xFFFF, said["flags"] & 0xFFFF, said["method"] & 0xFFFF, said["time"],
        said["date"], said["crc"] & _FULL, said["packed"] & _FULL, said["size"] & _FULL, len(name),
        said.get("extra_length", len(extra)) & 0xFFFF,
    )  # fmt: skip
    descriptor = struct.pack("<4s3L", b"PK\7\x08", truth["crc"], truth["packed"], truth["size"])
    return header + name + extra + member.packed + (descriptor if member.has_descriptor else b"")


def _central(member: ZipMember, offset: int) -> bytes:
    said, extra = {**_truth(member), "offset": offset}, member.central.extra
    if member.is_wide:
        extra = struct.pack("<HHQQQ", _WIDE_EXTRA, 24, said["size"], said["packed"], offset) + extra
        said |= {"packed": _FULL, "size": _FULL, "offset": _FULL}
    said |= member.central.lies
    name = member.name if member.central.name is None else member.central.name
    return CENTRAL.pack(
        b"PK\1\2", said["made_by"] & 0xFFFF, said["version"] & 0xFFFF, said["flags"] & 0xFFFF,
        said["method"] & 0xFFFF, said["time"], said["date"], said["crc"] & _FULL, said["packed"] & _FULL,
        said["size"] & _FULL, len(name), said.get("extra_length", len(extra)) & 0xFFFF, len(member.comment),
        said["disk"] & 0xFFFF, said["internal"] & 0xFFFF, said["attributes"] & _FULL, said["offset"] & _FULL,
    ) + name + extra + member.comment  # fmt: skip


def new_member(name: str | bytes, data: bytes, *, stored: bool = False, mode: int = 0) -> ZipMember:
    """A member with everything in its place."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    packer = zlib.compressobj(6, wbits=-15)
    packed = data if stored else packer.compress(data) + packer.flush()
    return ZipMember(raw, data, packed, 0 if stored else 8, mode)


def zip_of_items(items: Folders, base: str, form: str, *, with_folders: bool) -> Zip:
    """The members of a good zip: `stored`, `deflated`, `wide` (64-bit fields) or `piped` (sizes follow)."""
    made, folders = Zip(), set()
    for path, item in items.items():
        name = f"{base}/{path}" if base else path
        folder = name.rpartition("/")[0] + "/"
        if with_folders and folder not in folders and folder != "/":
            folders.add(folder)
            made.members.append(new_member(folder, b"", stored=True, mode=stat.S_IFDIR | 0o755))
        match item:
            case bytes():
                made.members.append(new_member(name, item, stored=form == "stored"))
            case Link(target):
                mode = stat.S_IFLNK | 0o777
                data = target.encode("utf-8", "surrogateescape")
                made.members.append(new_member(name, data, stored=True, mode=mode))
            case Fifo():
                made.members.append(new_member(name, b"", stored=True, mode=stat.S_IFIFO | 0o644))
            case Folder():
                mode = stat.S_IFDIR | 0o755
                made.members.append(new_member(f"{name}/", b"", stored=True, mode=mode))
    for member in made.members:
        member.is_wide = form == "wide"
        member.has_descriptor = form == "piped" and not member.name.endswith(b"/")
    if form == "wide":
        made.end_64 = {}
    return made
