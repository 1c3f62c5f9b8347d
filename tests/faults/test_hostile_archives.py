"""Hostile and incomplete archives: each is refused or reported, and nothing is written."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from archives import FORMATS, raw_zip, serialise, special, tar_of, zip_of
from archtool.archives import limits, streams
from archtool.archives.zip import reader
from budgets import budget
from command_line import archtool
from unit.bagit.bag_builders import LETTER, bag_files, look, with_tag_manifest

BAG = with_tag_manifest(bag_files())
IN_BAG = [(f"bag/{path}", data) for path, data in BAG.items()]


def codes(path: Path) -> list[str]:
    return [f.code for f in look(path).findings]


def refused(path: Path, *options: str) -> tuple[int, list[Path]]:
    """Return the exit code of `unpack`, and the files that it left."""
    folder = path.parent / "unpacked"
    folder.mkdir()
    done = archtool("unpack", path, "-o", folder / "bag", *options)
    left = list(folder.iterdir())
    assert "Traceback" not in done.err
    return done.code, left


@pytest.mark.parametrize(
    "name", ["/etc/cron.d/x", "../outside", "bag/../../outside", "~root/x", "bag//x", "bag/./x", "bag/n\0ul"]
)
def test_a_member_that_would_be_written_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG, ("bag/xxxxxxx", LETTER))
    header = tarfile.TarInfo(name)
    header.size = len(LETTER)
    raw = header.tobuf() + LETTER.ljust(512, b"\0")
    data = path.read_bytes()
    path.write_bytes(raw + data if "\0" not in name else data.replace(b"bag/xxxxxxx", b"bag/n\0ulxxx"))
    if "\0" in name:
        return  # a name in a tar ends at its first NUL: another checksum, another test
    assert "archive.unsafe-member" in codes(path)
    assert refused(path) == (1, [])
    assert not (tmp_path / "outside").exists()


def test_a_zips_member_that_would_be_written_elsewhere_is_refused(tmp_path: Path) -> None:
    for number, name in enumerate(("/x", "../x", "bag/../../x", "bag/a\0b")):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "a.zip"
        path.write_bytes(raw_zip(*((n, d, {}) for n, d in IN_BAG), (name, LETTER, {})))
        assert "archive.unsafe-member" in codes(path)
        assert refused(path) == (1, [])


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_links_and_devices_of_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG, special("bag/data/x", kind, "/etc/passwd"))
    assert "bag.not-a-file" in codes(path)
    assert refused(path) == (1, [])


@pytest.mark.parametrize("name", ["PaxHeader/x", "././@LongLink", "bag\\bagit.txt", "beside"])
@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_outside_the_bag_are_refused(kind: bytes, name: str, tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG, special(name, kind, "bag/data/letter.txt"))
    assert codes(path) == ["archive.outside-bag", "archive.special-member"]
    assert look(path).verdict["bag"] == "invalid"
    assert refused(path) == (1, [])


def test_a_member_below_a_link_is_refused(tmp_path: Path) -> None:
    link = special("bag/data/x", tarfile.SYMTYPE, "../../..")
    path = tar_of(tmp_path / "a.tar", *IN_BAG, link, ("bag/data/x/escaped", LETTER))
    assert "archive.duplicate-member" in codes(path)
    assert refused(path) == (1, [])


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("bag/data/x")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    path = zip_of(tmp_path / "a.zip", *IN_BAG, (link, b"/etc/passwd"))
    assert "bag.not-a-file" in codes(path)
    assert refused(path) == (1, [])


def test_two_members_with_the_same_name_are_refused(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG, ("./bag/data/letter.txt", b"another letter\n"))
    assert codes(path) == ["archive.duplicate-member"]
    assert look(path).verdict["bag"] == "invalid"
    assert refused(path) == (1, [])


@pytest.mark.parametrize(
    "lie",
    [
        {"size": 5},
        {"size": 5000},
        {"local_size": 5},
        {"packed": 5},
        {"crc": 1},
        {"offset": 0},
        {"method": 0, "size": 5},
    ],
)
def test_a_zip_with_false_values_for_a_member_is_not_valid(lie: dict[str, int], tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    members = [(n, d, lie if n.endswith("letter.txt") else {}) for n, d in IN_BAG]
    path.write_bytes(raw_zip(*members))
    result = look(path)
    assert result.verdict["bag"] != "valid"
    assert {f.code.partition(".")[0] for f in result.findings} & {"archive", "fixity"}
    code, left = refused(path)
    assert (code in (1, 3), left) == (True, [])


def test_an_encrypted_member_and_an_unknown_method_are_reported_as_unreadable(tmp_path: Path) -> None:
    for lie in ({"flags": 1}, {"method": 99}):
        path = tmp_path / "a.zip"
        path.write_bytes(raw_zip(*((n, d, lie if "data" in n else {}) for n, d in IN_BAG)))
        assert set(codes(path)) == {"archive.member-unreadable"}
        assert look(path).exit_code == 3


def test_an_unknown_member_of_a_tar_is_reported_as_unreadable(tmp_path: Path) -> None:
    for kind in (b"M", b"D", b"Q"):
        path = tar_of(tmp_path / "a.tar", *IN_BAG, special("bag/data/x", kind))
        assert "archive.member-unreadable" in codes(path)


def test_several_bags_and_files_outside_the_bag_are_reported(tmp_path: Path) -> None:
    with_stray = tar_of(tmp_path / "a.tar", *IN_BAG, ("readme.txt", LETTER))
    assert codes(with_stray) == ["archive.outside-bag"]
    assert look(with_stray).verdict["bag"] == "valid"
    two = tar_of(tmp_path / "b.tar", *IN_BAG, *((f"z{n}", d) for n, d in IN_BAG))
    assert set(codes(two)) == {"archive.several-bags", "archive.outside-bag"}
    assert look(two).verdict["bag"] == "invalid"


@pytest.mark.parametrize("name", FORMATS)
def test_an_archive_cut_off_anywhere_is_never_valid_without_a_finding(name: str, tmp_path: Path) -> None:
    whole = serialise(BAG, tmp_path / f"whole.{name}").read_bytes()
    if name == "tar":  # after the end mark there is only padding
        whole = whole.rstrip(b"\0") + bytes(-len(whole.rstrip(b"\0")) % 512 + 1024)
    path = tmp_path / f"cut.{name}"
    for length in range(0, len(whole), max(1, len(whole) // budget(24, 97))):
        path.write_bytes(whole[:length])
        result = look(path)
        assert result.verdict["bag"] != "valid" or result.findings, f"cut to {length} of {len(whole)}"


@pytest.mark.parametrize("name", FORMATS)
def test_a_changed_byte_of_an_archive_never_causes_a_traceback(name: str, tmp_path: Path) -> None:
    whole = bytearray(serialise(BAG, tmp_path / f"whole.{name}").read_bytes())
    path = tmp_path / f"broken.{name}"
    for at in range(0, len(whole), max(1, len(whole) // budget(106, 211))):
        whole[at] ^= 0x41
        path.write_bytes(whole)
        look(path)
        whole[at] ^= 0x41


def test_a_broken_header_in_the_middle_is_not_mistaken_for_the_end(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG)
    data = bytearray(path.read_bytes())
    data[1024] ^= 1  # the second member's name: its header's checksum is wrong now
    path.write_bytes(data)
    result = look(path)
    assert (result.verdict["bag"], result.exit_code) == ("unreadable", 3)
    assert "archive.damaged" in codes(path)


def test_data_after_the_end_of_an_archive_are_reported(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG)
    path.write_bytes(path.read_bytes() + b"written by a tape drive" + bytes(489))
    assert codes(path) == ["archive.foreign-data"]
    assert look(path).verdict["bag"] == "valid"
    zipped = serialise(BAG, tmp_path / "a.zip")
    zipped.write_bytes(b"#!/bin/sh\n" * 5 + zipped.read_bytes())
    assert look(zipped).verdict["bag"] != "valid" or "archive.foreign-data" in codes(zipped)


def test_a_member_that_a_zips_directory_does_not_list_is_refused(tmp_path: Path) -> None:
    members = [(n, d, {}) for n, d in IN_BAG]
    hidden = ("hidden", b"x" * 100, {"method": 0})
    whole = raw_zip(hidden, *members)
    begin = whole.index(b"PK\1\2")
    entry = 46 + len("hidden")
    directory = whole[begin + entry : whole.index(b"PK\5\6")]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), begin, 0)
    path = tmp_path / "a.zip"
    path.write_bytes(whole[:begin] + directory + end)
    assert codes(path) == ["archive.lying-size"]  # programs that read from the beginning extract it
    assert refused(path) == (1, [])


COMPRESSED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("name", COMPRESSED)
def test_an_archive_bomb_is_refused_before_it_expands(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MIN_JUDGED_BYTES", 1024 * 1024)
    tar = tar_of(tmp_path / "a.tar", ("bag/data/zeros", bytes(8 * 1024 * 1024)), *IN_BAG)
    path = tmp_path / f"a.tar.{name}"
    path.write_bytes(COMPRESSED[name](tar.read_bytes()))
    result = look(path)
    assert (result.verdict["bag"], result.exit_code) == ("unreadable", 3)
    assert "archive.expands-too-far" in codes(path)
    assert refused(path) == (3, [])
    assert archtool("verify", path, "--max-expansion", "1000000").code == 1
    assert "archive.expands-too-far" not in archtool("verify", path, "--max-expansion", "1000000").out


def test_a_zip_whose_declared_sizes_are_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MIN_JUDGED_BYTES", 1024 * 1024)
    path = zip_of(tmp_path / "a.zip", *IN_BAG)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bag/data/zeros", bytes(8 * 1024 * 1024))
    assert "archive.expands-too-far" in codes(path)
    assert refused(path) == (3, [])


def test_too_many_members_and_too_many_folders_are_refused(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar", *IN_BAG, ("bag/data/" + "d/" * 20 + "x", LETTER))
    many = archtool("verify", path, "--max-members", "3", "--json")
    assert (many.code, "archive.too-many-members" in many.codes) == (3, True)
    deep = archtool("verify", path, "--max-depth", "10", "--json")
    assert (deep.code, "archive.too-deep" in deep.codes) == (3, True)
    assert refused(path, "--max-depth", "10") == (3, [])
    assert deep.objects[0]["verdict"]["bag"] == "unreadable"


def test_a_header_with_a_declared_size_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    header = special("bag/x", tarfile.XHDTYPE)
    header.size = 2**30
    path = tmp_path / "a.tar"
    path.write_bytes(header.tobuf() + bytes(10_000))
    assert look(path).verdict["bag"] == "unreadable"
    assert "archive.damaged" in codes(path)


@pytest.mark.parametrize("size", [-512, -(2**40), 2**63 - 1, 2**70])
def test_a_negative_or_impossible_size_ends_the_reading(size: int, tmp_path: Path) -> None:
    header = bytearray(tarfile.TarInfo("bag/bagit.txt").tobuf())
    field = size.to_bytes(12, "big", signed=True)
    header[124:136] = field if size < 0 else b"\x80" + field[1:]
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path = tmp_path / "a.tar"
    path.write_bytes(bytes(header) * 3 + bytes(1024))
    assert look(path).verdict["bag"] != "valid"


def test_an_endless_sequence_of_headers_is_refused(tmp_path: Path) -> None:
    record = b"20 comment=xxxxxxxx\n"
    pax = special("x", tarfile.XHDTYPE)
    pax.size = len(record)
    path = tmp_path / "a.tar"
    path.write_bytes((pax.tobuf() + record.ljust(512, b"\0")) * 5000)
    assert "archive.damaged" in codes(path)
    everywhere = special("x", tarfile.XGLTYPE)
    blocks = []
    for number in range(limits.MAX_HEADERS_REPEATED + 5):
        record = b"17 key%04d=value\n" % number
        everywhere.size = len(record)
        file = tarfile.TarInfo(f"bag/{number}")
        blocks.append(everywhere.tobuf() + record.ljust(512, b"\0") + file.tobuf())
    path.write_bytes(b"".join(blocks))
    assert "archive.damaged" in codes(path)


def test_a_dictionary_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    packed = lzma.compress(
        tar_of(tmp_path / "a.tar", *IN_BAG).read_bytes(),
        filters=[{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 2**29}],
    )
    path = tmp_path / "a.tar.xz"
    path.write_bytes(packed)
    assert look(path).verdict["bag"] == "unreadable"


def test_a_wrong_checksum_of_the_archive_is_reported_although_the_digests_agree(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(raw_zip(*((n, d, {"crc": 7} if "data" in n else {}) for n, d in IN_BAG)))
    assert codes(path) == ["archive.checksum-differs"]


def test_many_unsafe_members_cause_a_bounded_number_of_findings(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        for number in range(1500):
            tar.addfile(*(tarfile.TarInfo(f"../{number}"), io.BytesIO()))
    assert codes(path).count("archive.unsafe-member") == 1001


def zip64(
    entry_sizes: int = 0xFFFFFFFF,
    extra: bytes | None = None,
    record: bytes | None = None,
    offset: int = 0,
    parts: int = 1,
) -> bytes:
    """Return a zip of one member whose numbers are in the ZIP64 fields."""
    name, crc = b"bag/bagit.txt", zlib.crc32(LETTER)
    wide = struct.pack("<HHQQ", 1, 16, len(LETTER), len(LETTER)) if extra is None else extra
    local = struct.pack(
        "<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 0x21, crc, entry_sizes, entry_sizes, len(name), len(wide)
    )
    body = local + name + wide + LETTER
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 0, 0, 0x21, crc, entry_sizes, entry_sizes, len(name),
        len(wide), 0, 0, 0, 0, offset,
    ) + name + wide  # fmt: skip
    at = len(body) + len(entry)
    if record is None:
        record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(entry), len(body))
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, parts)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + entry + record + locator + end


def test_a_zip_with_wide_numbers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip64())
    assert "archive" not in {code.partition(".")[0] for code in codes(path)}


@pytest.mark.parametrize(
    "data",
    [
        zip64(extra=b""),
        zip64(extra=struct.pack("<HHQ", 1, 8, 5)),
        zip64(extra=struct.pack("<HHQQQ", 1, 24, 17, 17, 2**63), offset=0xFFFFFFFF),
        zip64(parts=2),
        zip64(record=b"PK\6\6"),
        zip64(record=b"\0" * 56),
        zip64()[30:],
    ],
)
def test_a_zip_with_broken_wide_numbers_is_unreadable(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data if data.startswith(b"PK\3\4") else b"PK\3\4" + data)
    assert look(path).verdict["bag"] == "unreadable"


class _Pipe(io.BytesIO):
    """A stream that can only be written forwards, so that sizes follow the data."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError


def test_a_zip_that_was_written_to_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in IN_BAG:
            archive.writestr(name, data)
    path = tmp_path / "a.zip"
    path.write_bytes(pipe.getvalue())
    assert (look(path).verdict["bag"], look(path).findings) == ("valid", ())


def damaged_zip(signature: bytes, offset: int, value: bytes) -> bytes:
    """Return a good zip with some bytes changed after the last occurrence of a signature."""
    data = bytearray(raw_zip(*((n, d, {}) for n, d in IN_BAG)))
    at = data.rindex(signature) + offset
    data[at : at + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (damaged_zip(b"PK\3\4", 30, b"gab"), "archive.lying-size"),  # another name in the local header
        (damaged_zip(b"PK\3\4", 8, b"\0"), "archive.lying-size"),  # another method there
        (damaged_zip(b"PK\3\4", 0, b"XX"), "archive.damaged"),  # no header there
        (damaged_zip(b"PK\5\6", 8, b"\x09\0\x09"), "archive.lying-size"),  # another number of members
        (damaged_zip(b"PK\5\6", 10, b"\x09"), "archive.damaged"),  # more members than in this part of the zip
        (damaged_zip(b"PK\5\6", 4, b"\x01"), "archive.damaged"),  # the second part of two
        (damaged_zip(b"PK\5\6", 16, b"\x01"), "archive.damaged"),  # a directory elsewhere
        (damaged_zip(b"PK\1\2", 0, b"XX"), "archive.damaged"),
        (damaged_zip(b"PK\1\2", 28, b"\xff\xff"), "archive.damaged"),  # a name longer than the directory
        (damaged_zip(b"PK\1\2", 20, b"\xff"), "archive.lying-size"),  # data that reach into the directory
        (damaged_zip(b"PK\5\6", 20, b"\x01"), "archive.damaged"),  # a missing comment
    ],
)
def test_a_zip_that_contradicts_itself_is_reported(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert code in codes(path)
    assert look(path).verdict["bag"] in ("invalid", "unreadable")


def test_bytes_after_the_packed_data_of_a_member_are_reported(tmp_path: Path) -> None:
    packed = zlib.compress(LETTER, wbits=-15)
    for more in (b"and more", b"x" * 2 * 1024 * 1024):
        data = raw_zip(
            *((n, d, {}) for n, d in IN_BAG if "letter" not in n),
            ("bag/data/letter.txt", packed + more, {"method": 0}),
        )
        # stored, but declared as deflated
        lie = struct.pack("<LLL", zlib.crc32(LETTER), len(packed + more), len(LETTER))
        truth = struct.pack("<LLL", zlib.crc32(packed + more), len(packed + more), len(packed + more))
        data = data.replace(truth, lie)
        for mark, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
            begin = data.rindex(mark) + at
            data = data[:begin] + b"\x08" + data[begin + 1 :]
        path = tmp_path / "a.zip"
        path.write_bytes(data)
        assert codes(path) == ["fixity.file-unreadable"]
        assert "follow the end of the packed data" in look(path).findings[0].message


def test_a_gap_before_the_directory_of_a_zip_is_reported(tmp_path: Path) -> None:
    whole = raw_zip(*((n, d, {}) for n, d in IN_BAG))
    begin, last = whole.index(b"PK\1\2"), whole.rindex(b"PK\5\6")
    path = tmp_path / "a.zip"
    for gap, code in ((b"x" * 100, "archive.foreign-data"), (b"x" * 2**21 + b"PK\3\4", "archive.lying-size")):
        end = bytearray(whole[last:])
        struct.pack_into("<L", end, 16, begin + len(gap))
        path.write_bytes(whole[:begin] + gap + whole[begin:last] + end)
        assert codes(path) == [code]


def test_a_folder_with_data_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", *IN_BAG, ("bag/data/folder/", b"and yet"))
    assert "archive.lying-size" in codes(path)


def test_an_archive_that_cannot_be_opened_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 300)
    assert look(path).verdict["bag"] == "unreadable"
    assert "cannot be opened" in look(path).findings[0].message
