"""A zip as a list of members, each with two headers: before its data, and in the directory at the end."""

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
class HeaderOverrides:
    """The fields of one of the two headers that differ from the true values, by name."""

    lies: Lies = field(default_factory=dict)
    name: bytes | None = None
    extra: bytes = b""

    def copy(self) -> HeaderOverrides:
        """Return a copy."""
        return HeaderOverrides(dict(self.lies), self.name, self.extra)


@dataclass(slots=True)
class ZipMember:
    """One member; fields that are not overridden have their true values."""

    name: bytes
    data: bytes
    packed: bytes
    method: int
    mode: int = 0
    flags: int = 0x800
    has_descriptor: bool = False
    is_wide: bool = False
    local: HeaderOverrides = field(default_factory=HeaderOverrides)
    central: HeaderOverrides = field(default_factory=HeaderOverrides)
    comment: bytes = b""
    gap: bytes = b""
    """The bytes before it."""
    is_listed: bool = True
    is_present: bool = True

    def copy(self) -> ZipMember:
        """Return a copy."""
        return ZipMember(
            self.name, self.data, self.packed, self.method, self.mode, self.flags, self.has_descriptor,
            self.is_wide, self.local.copy(), self.central.copy(), self.comment, self.gap, self.is_listed,
            self.is_present,
        )  # fmt: skip


@dataclass(slots=True)
class Zip:
    """All members in the order of the data, and the records at the end."""

    members: list[ZipMember] = field(default_factory=list)
    order: list[int] | None = None
    """The order in the directory, if it differs."""
    end: Lies = field(default_factory=dict)
    end_64: Lies | None = None
    """The record for large zips, if there is one, with its untrue fields."""
    before: bytes = b""
    between: bytes = b""
    """The bytes between the data and the directory."""
    comment: bytes = b""
    after: bytes = b""

    def to_bytes(self) -> bytes:
        """Return the bytes of the archive."""
        body = bytearray(self.before)
        offsets = []
        for member in self.members:
            body += member.gap if member.is_present else b""
            offsets.append(len(body))
            body += _local(member) if member.is_present else b""
        body += self.between
        order = self.order if self.order is not None else range(len(self.members))
        listed = [(self.members[n], offsets[n]) for n in order if n < len(self.members)]
        entries = [_central(member, offset) for member, offset in listed if member.is_listed]
        directory = b"".join(entries)
        return bytes(body) + directory + self._records(len(entries), len(directory), len(body)) + self.after

    def _records(self, count: int, length: int, offset: int) -> bytes:
        fields = {
            "disk": 0,
            "first_disk": 0,
            "here": count,
            "count": count,
            "length": length,
            "offset": offset,
        }
        wide = b""
        if self.end_64 is not None:
            large = {
                **fields,
                "at": offset + length,
                "disks": 1,
                "locator_disk": 0,
                "size": 44,
                **self.end_64,
            }
            wide = END_64.pack(
                b"PK\6\6", large["size"], 45, 45, large["disk"], large["first_disk"], large["here"],
                large["count"], large["length"], large["offset"],
            ) + LOCATOR_64.pack(b"PK\6\7", large["locator_disk"], large["at"], large["disks"])  # fmt: skip
            fields |= {"here": 0xFFFF, "count": 0xFFFF, "length": _FULL, "offset": _FULL}
        fields |= self.end
        sizes = (fields["length"] & _FULL, fields["offset"] & _FULL)
        counts = (fields["here"] & 0xFFFF, fields["count"] & 0xFFFF)
        length_of_comment = fields.get("comment", len(self.comment)) & 0xFFFF
        disks = (fields["disk"] & 0xFFFF, fields["first_disk"] & 0xFFFF)
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
    fields, extra = dict(truth), member.local.extra
    if member.has_descriptor:
        fields |= {"crc": 0, "packed": 0, "size": 0}
    elif member.is_wide:
        extra = struct.pack("<HHQQ", _WIDE_EXTRA, 16, fields["size"], fields["packed"]) + extra
        fields |= {"packed": _FULL, "size": _FULL}
    fields |= member.local.lies
    name = member.name if member.local.name is None else member.local.name
    header = LOCAL.pack(
        b"PK\3\4", fields["version"] & 0xFFFF, fields["flags"] & 0xFFFF, fields["method"] & 0xFFFF,
        fields["time"], fields["date"], fields["crc"] & _FULL, fields["packed"] & _FULL,
        fields["size"] & _FULL, len(name), fields.get("extra_length", len(extra)) & 0xFFFF,
    )  # fmt: skip
    descriptor = struct.pack("<4s3L", b"PK\7\x08", truth["crc"], truth["packed"], truth["size"])
    return header + name + extra + member.packed + (descriptor if member.has_descriptor else b"")


def _central(member: ZipMember, offset: int) -> bytes:
    fields, extra = {**_truth(member), "offset": offset}, member.central.extra
    if member.is_wide:
        extra = struct.pack("<HHQQQ", _WIDE_EXTRA, 24, fields["size"], fields["packed"], offset) + extra
        fields |= {"packed": _FULL, "size": _FULL, "offset": _FULL}
    fields |= member.central.lies
    name = member.name if member.central.name is None else member.central.name
    return CENTRAL.pack(
        b"PK\1\2", fields["made_by"] & 0xFFFF, fields["version"] & 0xFFFF, fields["flags"] & 0xFFFF,
        fields["method"] & 0xFFFF, fields["time"], fields["date"], fields["crc"] & _FULL,
        fields["packed"] & _FULL, fields["size"] & _FULL, len(name),
        fields.get("extra_length", len(extra)) & 0xFFFF, len(member.comment), fields["disk"] & 0xFFFF,
        fields["internal"] & 0xFFFF, fields["attributes"] & _FULL, fields["offset"] & _FULL,
    ) + name + extra + member.comment  # fmt: skip


def new_member(name: str | bytes, data: bytes, *, stored: bool = False, mode: int = 0) -> ZipMember:
    """Return a correct member."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    packer = zlib.compressobj(6, wbits=-15)
    packed = data if stored else packer.compress(data) + packer.flush()
    return ZipMember(raw, data, packed, 0 if stored else 8, mode)


def zip_of_items(items: Folders, base: str, form: str, *, with_folders: bool) -> Zip:
    """Return a good zip: `stored`, `deflated`, `wide` (64-bit fields) or `piped` (sizes follow)."""
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
