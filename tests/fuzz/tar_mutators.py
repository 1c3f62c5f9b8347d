"""Changes to the structure of a tar: records, fields, checksums, attributes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fuzz import archive_tokens as tokens
from fuzz.tar_form import BLOCK, OFFSETS, Record, Tar, new_record, pax_field, pax_record

KINDS = b"01234567xgLKSDMNVAXE\0 Z"


def change_tar(random: Random, tar: Tar) -> None:
    """Make one change; the checksums of changed records are mostly corrected."""
    if tar.records:
        random.choice(_CHANGES)(random, tar)
    else:
        tar.records.append(new_record(random.choice(tokens.NAMES)))


def _some(random: Random, tar: Tar) -> Record:
    return random.choice(tar.records)


def _seal(random: Random, record: Record) -> None:
    match random.randrange(20):
        case 0:
            pass
        case 1:
            record.set("checksum", random.choice(tokens.NUMBERS))
        case 2:  # the sum of signed bytes, which some old tools wrote
            record.set("checksum", b" " * 8)
            total = sum(byte - 256 if byte > 127 else byte for byte in record.header)
            record.set("checksum", b"%06o\0 " % (total & 0o777777))
        case _:
            record.sum_up()


def _insert(random: Random, tar: Tar, *records: Record) -> None:
    at = random.randrange(len(tar.records) + 1)
    tar.records[at:at] = records


def _name(random: Random, tar: Tar) -> bytes:
    """Return an existing name, a variant of it, or another name."""
    existing = _some(random, tar).get("name").rstrip(b"\0")
    ways = (
        existing, existing, b"./" + existing, existing + b"/", existing + b"/x", b"/" + existing,
        existing.replace(b"/", b"//"),
        existing.upper(),
        b"bag/x/../" + existing, existing.rpartition(b"/")[0], existing + b"\0x",
        existing.replace(b"/", b"\\"), existing + b"/.",
    )  # fmt: skip
    return random.choice(ways) if random.random() < 0.4 else random.choice(tokens.NAMES)


def _drop(random: Random, tar: Tar) -> None:
    tar.records.remove(_some(random, tar))


def _duplicate(random: Random, tar: Tar) -> None:
    record = _some(random, tar).copy()
    if random.random() < 0.5:
        record.data = bytes(len(record.data))
    _insert(random, tar, record)


def _reorder(random: Random, tar: Tar) -> None:
    if random.random() < 0.3:
        random.shuffle(tar.records)
    else:
        record = _some(random, tar)
        tar.records.remove(record)
        _insert(random, tar, record)


def _rename(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    record.set("name", _name(random, tar))
    _seal(random, record)


def _set_prefix(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    if random.random() < 0.5:  # the same name in two fields
        folder, _, name = record.get("name").rstrip(b"\0").rpartition(b"/")
        record.set("prefix", folder)
        record.set("name", name)
    else:
        record.set("prefix", random.choice(tokens.NAMES))
    _seal(random, record)


def _change_size(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    size = len(record.data)
    new = max(0, size + random.choice((-512, -1, 1, 511, 512, 513, 1024, -size, 2**33 - 1 - size)))
    record.set("size", random.choice(tokens.NUMBERS) if random.random() < 0.4 else b"%011o\0" % new)
    _seal(random, record)


def _change_kind(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    record.set("type", bytes([random.choice(KINDS)]))
    if random.random() < 0.4:
        record.set("linkname", random.choice(tokens.TARGETS))
    _seal(random, record)


def _change_field(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    name = random.choice(list(OFFSETS))
    values = (*tokens.NUMBERS, *tokens.NAMES, b"ustar\x0000", b"ustar  \0", b"\0" * 8, random.randbytes(12))
    record.set(name, random.choice(values))
    if name != "checksum":
        _seal(random, record)


def _change_magic(random: Random, tar: Tar) -> None:
    marks = (b"ustar\x0000", b"ustar  \0", b"\0" * 8, b"ustar\0\0\0", b"USTAR\x0000", b"ustar\x0099")
    mark = random.choice(marks)
    for record in tar.records if random.random() < 0.3 else [_some(random, tar)]:
        record.set("magic", mark)
        _seal(random, record)


def _change_header_byte(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    record.header[random.randrange(BLOCK)] = random.randrange(256)
    _seal(random, record)


def _change_data(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    match random.randrange(5):
        case 0:
            record.data = random.choice(tokens.RUBBISH)
        case 1:
            record.data, record.filling = record.data, b"x"
        case 2:
            record.data += bytes(random.choice((1, 512, 700)))
        case 3:
            record.data = record.data[: random.randrange(len(record.data) + 1)]
        case _ if record.data:
            at = random.randrange(len(record.data))
            record.data = record.data[:at] + bytes([random.randrange(256)]) + record.data[at + 1 :]
    if random.random() < 0.5:
        record.set_number("size", len(record.data))
        record.sum_up()


def _add_special(random: Random, tar: Tar) -> None:
    """Add a link, a device, a FIFO or a folder, and perhaps a member below it."""
    name = _name(random, tar)
    kind = bytes([random.choice(b"1234567")])
    special = new_record(name, kind, points_to=random.choice(tokens.TARGETS))
    if kind in b"34":
        special.set("devmajor", b"0000001\0")
        special.set("devminor", b"0000003\0")
        special.sum_up()
    below = [new_record(name + b"/below", data=b"x")] if random.random() < 0.4 else []
    _insert(random, tar, special, *below)


def _add_file(random: Random, tar: Tar) -> None:
    data = random.choice((b"", b"new", _some(random, tar).data, b"x" * 512))
    _insert(random, tar, new_record(_name(random, tar), random.choice((b"0", b"\0", b"7")), data))


def _pax_value(random: Random, tar: Tar, key: bytes) -> bytes:
    record = _some(random, tar)
    if key in (b"path", b"linkpath", b"GNU.sparse.name"):
        return _name(random, tar)
    if key in (b"size", b"GNU.sparse.size", b"GNU.sparse.realsize") and random.random() < 0.6:
        return str(len(record.data) + random.choice((0, 0, 1, -1, 512))).encode()
    return random.choice(tokens.PAX_VALUES)


def _add_attributes(random: Random, tar: Tar) -> None:
    keys = [random.choice(tokens.PAX_KEYS[: random.choice((3, 16, 99))]) for _ in range(random.randint(1, 3))]
    pairs = [(key, _pax_value(random, tar, key)) for key in keys]
    record = pax_record(pairs, random.choice((b"x", b"x", b"x", b"g", b"X")))
    _insert(random, tar, *[record] * random.choice((1, 1, 1, 1, 2, 30)))


def _add_broken_attributes(random: Random, tar: Tar) -> None:
    good = pax_field(b"comment", b"x") + pax_field(b"path", _name(random, tar))
    number = random.choice((b"0", b"1", b"3", b"-5", b"9999999999", b"", b"x", b"020", b" 20", b"5" * 5000))
    bodies = (
        number + b" comment=x\n", number + b"\n", number + b" " + good, good[:-1], good[:-1] + b"\0",
        b"\0" + good,
        good + b"\0" * 20, good + b"rubbish", b"20 path", b"11 path=\n\n\n\n", good * 200, b"",
    )  # fmt: skip
    record = new_record(b"PaxHeader", random.choice((b"x", b"g")), random.choice(bodies))
    _insert(random, tar, record)


def _add_long_name(random: Random, tar: Tar) -> None:
    name = random.choice((_name(random, tar), b"bag/data/" + b"l" * random.choice((150, 240, 300, 5000))))
    data = name + random.choice((b"\0", b"\0", b"", b"\0x", b"\n"))
    record = new_record(b"././@LongLink", random.choice((b"L", b"L", b"K")), data)
    if random.random() < 0.7:
        record.set("magic", b"ustar  \0")
        record.sum_up()
    _insert(random, tar, record)


def _move_name_into_attributes(random: Random, tar: Tar) -> None:
    """Put the true name into an extended header, and another one into the plain header."""
    at = random.randrange(len(tar.records))
    record = tar.records[at]
    existing = record.get("name").rstrip(b"\0")
    form = random.randrange(3)
    if form == 0:
        attributes = pax_record([(b"path", existing)])
    elif form == 1:
        attributes = new_record(b"././@LongLink", b"L", existing + b"\0")
    else:
        attributes = pax_record([(b"size", str(len(record.data)).encode())])
        record.set("size", random.choice((b"00000000000\0", b"00000000777\0")))
    if form < 2:
        record.set("name", random.choice(tokens.NAMES))
    record.sum_up()
    tar.records.insert(at, attributes)


def _add_old_sparse(random: Random, tar: Tar) -> None:
    record = _some(random, tar)
    if random.random() < 0.5:
        record.set("type", b"S")
        record.set("magic", b"ustar  \0")
    pieces = b"".join(b"%011o\0%011o\0" % pair for pair in ((0, 1), (512, 4)))
    record.header[386 : 386 + len(pieces)] = pieces
    record.header[482] = random.choice((0, 1))
    record.header[483:495] = b"%011o\0" % random.choice((0, 516, 2**30))
    _seal(random, record)


def _link_to_another(random: Random, tar: Tar) -> None:
    """Replace a file by a hard link, mostly to an existing file, sometimes with a variant of its name."""
    existing = _some(random, tar).get("name").rstrip(b"\0")
    target = existing if random.random() < 0.6 else _name(random, tar)
    record = _some(random, tar)
    record.set("type", b"1")
    record.set("linkname", target)
    record.set_number("size", 0)
    record.data = b""
    _seal(random, record)


def _make_sparse(random: Random, tar: Tar) -> None:
    """Store a file as a sparse file; its map is correct, or wrong in one place."""
    at = random.randrange(len(tar.records))
    record = tar.records[at]
    size, name = len(record.data), record.get("name").rstrip(b"\0")
    cut = random.choice((0, random.randrange(size + 1), size // 512 * 512))
    pieces = [(0, cut), (cut, size - cut), (size, 0)]
    size += random.choice((0, 0, 512, 5000))
    if random.random() < 0.5:
        spoilt = random.randrange(3)
        pieces[spoilt] = pieces[spoilt][0] + random.choice((-1, 1, 0, 512)), pieces[spoilt][1]
        size += random.choice((-1, 0, 0, 1, 2**40))
    numbers = [str(number).encode() for pair in pieces for number in pair]
    count = str(len(pieces)).encode()
    attributes = [(b"size", b"%d" % size), (b"numblocks", count)]
    match random.randrange(4):
        case 0:
            attributes += [(b"map", b",".join(numbers)), (b"name", name)]
        case 1:
            keys = (b"offset", b"numbytes") * len(pieces)
            attributes += list(zip(keys, numbers, strict=True))
        case 2:
            attributes = [(b"major", b"1"), (b"minor", b"0"), (b"name", name), (b"realsize", b"%d" % size)]
            text = b"\n".join((count, *numbers)) + b"\n"
            record.data = text + bytes(-len(text) % BLOCK) + record.data
        case _:
            attributes = []
            record.set("type", b"S")
            record.set("magic", b"ustar  \0")
            record.header[345:500] = bytes(155)
            for number, (offset, length) in enumerate(pieces):
                record.header[386 + 24 * number : 410 + 24 * number] = b"%011o\0%011o\0" % (
                    offset % 2**33,
                    length,
                )
            record.header[483:495] = b"%011o\0" % (size % 2**33)
    record.set_number("size", len(record.data))
    record.sum_up()
    if attributes:
        tar.records.insert(at, pax_record([(b"GNU.sparse." + key, value) for key, value in attributes]))


def _add_label(random: Random, tar: Tar) -> None:
    label = new_record(_name(random, tar) if random.random() < 0.5 else b"A label", b"V")
    label.set("size", random.choice((b"", b"00000000000\0", b"00000000005\0")))
    _seal(random, label)
    tar.records.insert(0 if random.random() < 0.5 else random.randrange(len(tar.records)), label)


def _add_empty_blocks(random: Random, tar: Tar) -> None:
    empty = Record(bytearray(BLOCK), bytes(BLOCK * random.choice((0, 0, 0, 1, 2, 19))))
    _insert(random, tar, empty)


def _change_end(random: Random, tar: Tar) -> None:
    other = new_record(_name(random, tar), data=b"x").to_bytes()
    tails = (
        b"", bytes(1), bytes(511), bytes(512), bytes(513), bytes(1023), bytes(1025), bytes(10240), b"x",
        bytes(1024) + b"x", bytes(1024) + other, bytes(512) + other + bytes(1024), other,
        bytes(1024) * 3 + b"\1",
        b"x" * 512, b"x" * 600, bytes(1024) + bytes(512) + other, b"\xff" * 512 + bytes(1024),
        bytes(256) + other[256:], bytes(700) + tar.to_bytes(),
    )  # fmt: skip
    tar.tail = random.choice(tails)


def _append_archive(random: Random, tar: Tar) -> None:
    """Append another archive: the same one, or one with other data."""
    more = Tar([record.copy() for record in tar.records[: random.randint(1, 40)]])
    for record in more.records:
        if random.random() < 0.3:
            record.data = bytes(len(record.data))
    tar.tail = random.choice((b"", bytes(512), bytes(1024), bytes(10240))) + more.to_bytes()


_CHANGES: tuple[Callable[[Random, Tar], None], ...] = (
    _drop, _duplicate, _reorder, _rename, _rename, _set_prefix, _change_size, _change_kind, _change_field,
    _change_field, _change_magic, _change_header_byte, _change_data, _add_special, _add_file, _add_attributes,
    _add_attributes, _add_attributes, _add_broken_attributes, _add_long_name, _move_name_into_attributes,
    _add_old_sparse, _add_empty_blocks, _change_end, _change_end, _append_archive, _link_to_another,
    _link_to_another, _make_sparse, _make_sparse, _add_label,
)  # fmt: skip
