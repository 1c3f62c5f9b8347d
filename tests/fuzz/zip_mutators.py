"""Changes to the structure of a zip: two headers of each member, the directory, the records at the end."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Callable
from random import Random

from fuzz import archive_tokens as tokens
from fuzz.zip_form import HeaderOverrides, Zip, ZipMember, new_member

_METHODS = (0, 8, 1, 6, 9, 12, 14, 93, 95, 97, 98, 99, 0xFFFF)
_FLAGS = (1, 2, 4, 8, 16, 32, 64, 0x800, 0x2000, 0x801, 0x808, 0xFFFF)
_MODES = (
    stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644, stat.S_IFBLK | 0o644, stat.S_IFSOCK,
    stat.S_IFDIR | 0o755, stat.S_IFREG | 0o644, stat.S_IFREG, 0o644, 0, 0xF000, stat.S_IFDIR,
)  # fmt: skip


def change_zip(random: Random, archive: Zip) -> None:
    """Make one change."""
    if archive.members:
        random.choice(_CHANGES)(random, archive)
    else:
        archive.members.append(new_member(random.choice(tokens.NAMES), b""))


def _some(random: Random, archive: Zip) -> ZipMember:
    return random.choice(archive.members)


def _some_headers(random: Random, member: ZipMember) -> tuple[HeaderOverrides, ...]:
    ways = ((member.local,), (member.central,), (member.local, member.central))
    return random.choice(ways)


def _insert(random: Random, archive: Zip, member: ZipMember) -> None:
    archive.members.insert(random.randrange(len(archive.members) + 1), member)


def _name(random: Random, archive: Zip) -> bytes:
    existing = _some(random, archive).name
    ways = (
        existing, existing, b"./" + existing, existing + b"/", existing + b"/x", b"/" + existing,
        existing.replace(b"/", b"//"),
        existing.upper(),
        existing.replace(b"/", b"\\"), existing + b"\0x", b"x/../" + existing, existing[:-1] + b"X",
        existing + b" ", existing + b"//",
    )  # fmt: skip
    return random.choice(ways) if random.random() < 0.5 else random.choice(tokens.NAMES)


def _change_number(random: Random, archive: Zip) -> None:
    """Change one number in one or both headers."""
    member = _some(random, archive)
    true = {"crc": zlib.crc32(member.data), "packed": len(member.packed), "size": len(member.data)}
    keys = ("crc", "packed", "size", "method", "flags", "offset", "version", "disk", "date", "internal")
    key = random.choice(keys)
    near = true.get(key, 0) + random.choice((-30, -1, 0, 1, 2, 30, 500))
    value = near if random.random() < 0.5 else random.choice(tokens.NUMBERS_OF_A_ZIP)
    for header in _some_headers(random, member):
        header.lies[key] = max(0, value) & (0xFFFF if key in ("date", "disk") else 0xFFFFFFFF)


def _change_method(random: Random, archive: Zip) -> None:
    member, method = _some(random, archive), random.choice(_METHODS)
    for header in _some_headers(random, member):
        header.lies["method"] = method


def _change_flags(random: Random, archive: Zip) -> None:
    member, flags = _some(random, archive), random.choice(_FLAGS)
    for header in _some_headers(random, member):
        header.lies["flags"] = member.flags ^ flags


def _change_name(random: Random, archive: Zip) -> None:
    member, name = _some(random, archive), _name(random, archive)
    for header in _some_headers(random, member):
        header.name = name


def _rename(random: Random, archive: Zip) -> None:
    _some(random, archive).name = _name(random, archive)


def _change_mode(random: Random, archive: Zip) -> None:
    member = _some(random, archive)
    member.mode = random.choice(_MODES)
    member.central.lies["made_by"] = random.choice((0x314, 0x314, 0x14, 0xA14, 0x1314, 0xB14, 0x714))
    if random.random() < 0.3:
        member.central.lies["attributes"] = random.choice((0x10, 0x20, 0x01, 0xFFFFFFFF, 0x41ED0010))


def _change_extra(random: Random, archive: Zip) -> None:
    member = _some(random, archive)
    extra = random.choice(tokens.EXTRAS)
    if random.random() < 0.3:  # another name, for programs that prefer it
        name = _name(random, archive)
        crc = zlib.crc32(member.name) ^ random.choice((0, 0, 0, 1))
        extra = struct.pack("<HHBL", 0x7075, 5 + len(name), random.choice((1, 1, 1, 2)), crc) + name
    for header in _some_headers(random, member):
        header.extra += extra
        if random.random() < 0.1:
            header.lies["extra_length"] = len(header.extra) + random.choice((-1, 1, 4, 100))


def _change_wide(random: Random, archive: Zip) -> None:
    """Put wrong wide numbers into one header."""
    member = _some(random, archive)
    numbers = [len(member.data), len(member.packed), random.choice((0, 0, 5, 2**40, 2**64 - 1))]
    numbers[random.randrange(3)] = random.choice((0, 1, 5, 2**33, 2**63, 2**64 - 1))
    numbers = numbers[: random.randint(0, 3)]
    extra = struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)
    for header in _some_headers(random, member):
        header.extra = random.choice((extra, extra * 2, header.extra + extra))
        for key in random.sample(("size", "packed", "offset"), random.randint(0, 3)):
            header.lies[key] = 0xFFFFFFFF


def _change_data(random: Random, archive: Zip) -> None:
    member = _some(random, archive)
    match random.randrange(6):
        case 0:
            member.packed += random.choice(tokens.RUBBISH)
        case 1:
            member.packed = member.packed[:-1]
        case 2 if member.packed:
            at = random.randrange(len(member.packed))
            member.packed = member.packed[:at] + random.randbytes(1) + member.packed[at + 1 :]
        case 3:
            member.packed = b""
        case 4:  # data of another member, with correct headers
            other = _some(random, archive)
            member.data, member.packed, member.method = other.data, other.packed, other.method
        case _:
            member.data += b"x"


def _drop(random: Random, archive: Zip) -> None:
    member = _some(random, archive)
    match random.randrange(4):
        case 0:
            member.is_listed = False
        case 1:
            member.is_present = False
        case _:
            archive.members.remove(member)


def _duplicate(random: Random, archive: Zip) -> None:
    member = _some(random, archive).copy()
    match random.randrange(4):
        case 0:  # the same name, other data
            member.data = bytes(len(member.data))
            member.packed, member.method = member.data, 0
        case 1:  # two entries of the directory for the same data
            member.is_present = False
        case 2:
            member.name = _name(random, archive)
        case _:
            pass
    _insert(random, archive, member)


def _add(random: Random, archive: Zip) -> None:
    data = random.choice((b"", b"new", b"/etc/passwd", _some(random, archive).data))
    mode = random.choice((0, 0, 0, *_MODES))
    _insert(
        random, archive, new_member(_name(random, archive), data, stored=random.random() < 0.5, mode=mode)
    )


def _overlap(random: Random, archive: Zip) -> None:
    """Put one member's data inside another's."""
    inner, outer = _some(random, archive), _some(random, archive)
    shell = Zip([inner.copy()]).to_bytes()
    outer.data = outer.packed = shell[: len(shell) - 22]
    outer.method = 0
    inner.is_present = random.random() < 0.5
    inner.central.lies["offset"] = random.choice((30 + len(outer.name), 0, 31 + len(outer.name)))


def _reorder(random: Random, archive: Zip) -> None:
    if random.random() < 0.5:
        random.shuffle(archive.members)
    else:
        archive.order = random.sample(range(len(archive.members)), len(archive.members))


def _add_gap(random: Random, archive: Zip) -> None:
    rubbish = random.choice((*tokens.RUBBISH, Zip([new_member(b"bag/data/hidden", b"x")]).to_bytes()))
    match random.randrange(5):
        case 0:
            archive.before = rubbish
        case 1:
            archive.between = rubbish
        case 2:
            archive.after = rubbish
        case _:
            _some(random, archive).gap = rubbish


def _change_end(random: Random, archive: Zip) -> None:
    key = random.choice(("disk", "first_disk", "here", "count", "length", "offset", "comment"))
    archive.end[key] = random.choice(
        (*tokens.NUMBERS_OF_A_ZIP, len(archive.members) + random.choice((-1, 1)))
    )


def _change_end_64(random: Random, archive: Zip) -> None:
    keys = ("disk", "first_disk", "here", "count", "length", "offset", "at", "disks", "locator_disk", "size")
    archive.end_64 = archive.end_64 or {}
    if random.random() < 0.8:
        wide_ones = ("length", "offset", "at", "size", "here", "count")
        key = random.choice(keys)
        largest = 2**64 if key in wide_ones else 2**32
        archive.end_64[key] = random.choice((*tokens.NUMBERS_OF_A_ZIP, 2**63, 2**64 - 1)) % largest
    if random.random() < 0.3:  # both numbers exist: programs can use either
        archive.end |= {"count": len(archive.members), "here": len(archive.members), "offset": 0}


def _change_comment(random: Random, archive: Zip) -> None:
    other = Zip([new_member(b"bag/data/other", b"x")]).to_bytes()
    words = (b"a comment", b"PK\5\6", b"PK\5\6" + bytes(18), other, b"x" * 65_535, b"\0", bytes(22))
    if random.random() < 0.7:
        archive.comment = random.choice(words)
    else:
        _some(random, archive).comment = random.choice(words)[:300]


def _change_form(random: Random, archive: Zip) -> None:
    member = _some(random, archive)
    if random.random() < 0.5:
        member.has_descriptor = not member.has_descriptor
    else:
        member.is_wide = not member.is_wide


def _know_some_numbers(random: Random, archive: Zip) -> None:
    """Let sizes follow the data, with some correct numbers before it."""
    for member in archive.members if random.random() < 0.5 else [_some(random, archive)]:
        member.has_descriptor = True
        member.local.lies |= random.choice(
            (
                {"size": len(member.data)},
                {"packed": len(member.packed)},
                {"crc": zlib.crc32(member.data)},
                {"size": 1},
            )
        )


def _use_backslashes(random: Random, archive: Zip) -> None:
    for member in archive.members:
        if random.random() < 0.99:
            member.name = member.name.replace(b"/", b"\\")
            member.mode = 0 if random.random() < 0.9 else member.mode
            member.central.lies["made_by"] = random.choice((0x14, 0x14, 0x314, 0xA14))


_CHANGES: tuple[Callable[[Random, Zip], None], ...] = (
    _change_number, _change_number, _change_number, _change_method, _change_flags, _change_name, _change_name,
    _rename, _change_mode,
    _change_extra, _change_extra, _change_wide, _change_data, _change_data, _drop, _duplicate, _add, _overlap,
    _reorder, _add_gap, _change_end, _change_end_64, _change_comment, _change_form,
    _know_some_numbers, _use_backslashes,
)  # fmt: skip
