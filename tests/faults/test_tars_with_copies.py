"""Hard links and sparse files that lead elsewhere, contradict themselves or expand too far."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from archives import regular
from archtool.archives.streams import CompressedStream
from archtool.archives.tar import copies, reader
from command_line import archtool
from fuzz.tar_form import Record, new_record, pax_record
from unit.bagit.bag_builders import bag_files, look, manifest, with_tag_manifest

MIB = 1024 * 1024
LETTER = b"To the sections.\n" * 90
DATA = b"begin".ljust(512, b".") + b"end"
SPARSE_FILE = DATA[:512] + bytes(512) + b"end" + bytes(997)
BAG = with_tag_manifest(bag_files({"data/letter.txt": LETTER, "data/x": SPARSE_FILE}))
LIES, TOO_FAR = "archive.lying-size", "archive.expands-too-far"


def hard_link(name: str, target: str) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type, header.linkname = tarfile.LNKTYPE, target
    return header


def tar_with_links(path: Path, *links: tarfile.TarInfo, first: bool = False, mode: str = "w") -> Path:
    """Write a tar of a bag whose file data/x is a hard link, before or after all other files."""
    copied = bag_files({"data/letter.txt": LETTER, "data/x": LETTER})
    with tarfile.open(str(path), mode) as archive:  # type: ignore[call-overload]
        for link in links if first else ():
            archive.addfile(link)
        for name, data in with_tag_manifest(copied).items():
            if name != "data/x":
                archive.addfile(*regular(f"bag/{name}", data))
        archive.addfile(*regular("beside.txt", LETTER))
        for link in () if first else links:
            archive.addfile(link)
    return path


def codes(path: Path) -> list[str]:
    return [f.code for f in look(path).findings]


@pytest.mark.parametrize("target", ["bag/data/letter.txt", "./bag/data/letter.txt"])
def test_a_hard_link_to_an_earlier_file_of_the_bag_is_that_file(target: str, tmp_path: Path) -> None:
    path = tar_with_links(tmp_path / "a.tar", hard_link("bag/data/x", target))
    assert look(path).verdict["bag"] == "valid"
    assert codes(path) == ["archive.hard-links", "archive.outside-bag"]


@pytest.mark.parametrize(
    "target",
    [
        "beside.txt", "nowhere", "bag/data/nothing", "bag/data", "/bag/data/letter.txt", "/etc/passwd", "",
        "../bag/data/letter.txt", "bag/../bag/data/letter.txt", "bag//data/letter.txt", "data/letter.txt",
        "bag/data/x",
    ],
)  # fmt: skip
def test_a_hard_link_to_anything_else_is_refused_with_a_hint(target: str, tmp_path: Path) -> None:
    path = tar_with_links(tmp_path / "a.tar", hard_link("bag/data/x", target))
    result = look(path)
    assert result.verdict["bag"] == "invalid"
    finding = next(f for f in result.findings if f.code == "bag.not-a-file")
    assert "not to an earlier file of the bag" in finding.message
    assert "--hard-dereference" in str(finding.hint)
    done = archtool("unpack", path, "-o", tmp_path / "out")
    assert (done.code, (tmp_path / "out").exists()) == (1, False)


def test_a_hard_link_before_its_file_is_refused(tmp_path: Path) -> None:
    """GNU tar cannot extract it; other programs can."""
    path = tar_with_links(tmp_path / "a.tar", hard_link("bag/data/x", "bag/data/letter.txt"), first=True)
    assert "bag.not-a-file" in codes(path)


def test_a_hard_link_outside_the_bag_to_a_file_in_it_is_refused(tmp_path: Path) -> None:
    links = hard_link("bag/data/x", "bag/data/letter.txt"), hard_link("link", "bag/data/letter.txt")
    path = tar_with_links(tmp_path / "a.tar", *links)
    assert "archive.special-member" in codes(path)


@pytest.mark.parametrize("packer", ["", ":gz", ":xz"])
def test_hard_links_that_expand_too_far_are_refused(
    packer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "MIN_JUDGED_BYTES", MIB)
    path = tmp_path / "a.tar"
    with tarfile.open(str(path), f"w{packer}") as archive:  # type: ignore[call-overload]
        archive.addfile(*regular("bag/data/x", bytes(MIB)))
        for number in range(600):
            archive.addfile(hard_link(f"bag/data/{number}", "bag/data/x"))
    assert (look(path).verdict["bag"], TOO_FAR in codes(path)) == ("unreadable", True)
    done = archtool("unpack", path, "-o", tmp_path / "out")
    assert (done.code, (tmp_path / "out").exists()) == (3, False)


def test_many_hard_links_in_a_compressed_tar_do_not_restart_the_stream_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    begin = CompressedStream._begin
    monkeypatch.setattr(CompressedStream, "_begin", lambda stream: (begun.append(1), begin(stream))[1])
    links = [hard_link(f"bag/data/{n}", "bag/data/letter.txt") for n in range(200)]
    path = tar_with_links(tmp_path / "a.tar", *links, mode="w:gz")
    files = bag_files({"data/letter.txt": LETTER, **{f"data/{n}": LETTER for n in range(200)}})
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            if name == "data/letter.txt" or not name.startswith("data/"):
                archive.addfile(*regular(f"bag/{name}", data))
        for link in links:
            archive.addfile(link)
    assert look(path).verdict["bag"] == "valid"
    assert len(begun) < 10


def sparse_tar(path: Path, *records: Record) -> Path:
    """Write the bag with these records for its file data/x."""
    files = {name: data for name, data in BAG.items() if name != "data/x"}
    body = b"".join(new_record(f"bag/{name}".encode(), data=data).to_bytes() for name, data in files.items())
    path.write_bytes(body + b"".join(record.to_bytes() for record in records) + bytes(1024))
    return path


def pairs(*values: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [(b"GNU.sparse." + key, value) for key, value in values]


SIZE, MAP = (b"size", b"2024"), (b"map", b"0,512,1024,3,2024,0")
NAME, BLOCKS = (b"name", b"bag/data/x"), (b"numblocks", b"3")
IN_ONE = (SIZE, BLOCKS, NAME, MAP)
IN_PAIRS = (
    SIZE, BLOCKS, (b"offset", b"0"), (b"numbytes", b"512"), (b"offset", b"1024"), (b"numbytes", b"3"),
    (b"offset", b"2024"), (b"numbytes", b"0"),
)  # fmt: skip
NEW = ((b"major", b"1"), (b"minor", b"0"), NAME, (b"realsize", b"2024"))
NEW_MAP = b"3\n0\n512\n1024\n3\n2024\n0\n"


def data_record(data: bytes = DATA) -> Record:
    return new_record(b"bag/data/x", data=data)


def new_data(text: bytes, data: bytes = DATA) -> Record:
    return data_record(text.ljust(512, b"\0") + data)


@pytest.mark.parametrize(
    ("attributes", "record"),
    [(IN_ONE, data_record()), (IN_PAIRS, data_record()), (NEW, new_data(NEW_MAP))],
    ids=["0.1", "0.0", "1.0"],
)
def test_each_form_of_a_good_sparse_file_is_read(
    attributes: tuple[tuple[bytes, bytes], ...], record: Record, tmp_path: Path
) -> None:
    path = sparse_tar(tmp_path / "a.tar", pax_record(pairs(*attributes)), record)
    assert (look(path).verdict["bag"], codes(path)) == ("valid", ["archive.sparse-files"])


@pytest.mark.parametrize(
    ("attributes", "record"),
    [
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,511,3,2024,0")), data_record()),  # overlapping
        ((SIZE, BLOCKS, NAME, (b"map", b"1024,512,0,3,2024,0")), data_record()),  # backwards
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,2023,3,2024,0")), data_record()),  # beyond the end
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,1024,2,2024,0")), data_record()),  # less than is stored
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,1024,4,2024,0")), data_record()),  # more than is stored
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,600,0,1024,3")), data_record()),  # an empty piece within
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,1024,3,2023,0")), data_record()),  # ends before the file
        (
            (SIZE, (b"numblocks", b"2"), NAME, (b"map", b"0,512,1024,3")),
            data_record(),
        ),  # has no end
        (  # not a whole block: GNU tar skips the rest
            (SIZE, BLOCKS, NAME, (b"map", b"0,511,1024,4,2024,0")),
            data_record(),
        ),
        (IN_ONE, new_record(b"bag/data/x", b"\0", DATA)),  # libarchive gives up
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,+1024,3,2024,0")), data_record()),
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,1_024,3,2024,0")), data_record()),
        ((SIZE, BLOCKS, NAME, (b"map", b"0,512,1024,3,2024")), data_record()),  # half a pair
        ((SIZE, (b"numblocks", b"2"), NAME, MAP), data_record()),  # another number of pieces
        ((SIZE, NAME, MAP), data_record()),  # no number of pieces
        ((BLOCKS, NAME, MAP), data_record()),  # no size
        ((*IN_ONE, (b"size", b"2025")), data_record()),  # two sizes
        ((*IN_ONE, (b"realsize", b"2024")), data_record()),  # a mix of two forms
        ((*IN_ONE, *NEW), new_data(NEW_MAP)),
        (IN_PAIRS[:-1], data_record()),
        (NEW, new_data(b"3\n0\n512\n1024\n3\n2024\n")),  # the map does not end
        (NEW, new_data(b"9999999999999999999\n0\n512\n")),
        (NEW, new_data(b"x\n0\n512\n1024\n3\n2024\n0\n")),
        (NEW, new_data(b"-1\n")),
        (NEW, new_data(b"")),
        (((b"major", b"1"), (b"minor", b"1"), NAME, (b"realsize", b"2024")), new_data(NEW_MAP)),
        (((b"major", b"2"), (b"minor", b"0"), NAME, (b"realsize", b"2024")), new_data(NEW_MAP)),
        (IN_ONE, new_record(b"bag/data/x", b"5")),  # a sparse folder
        (IN_ONE, new_record(b"bag/data/x", b"1", points_to=b"bag/bagit.txt")),  # a sparse link
    ],
)
def test_a_sparse_file_with_an_invalid_map_is_refused(
    attributes: tuple[tuple[bytes, bytes], ...], record: Record, tmp_path: Path
) -> None:
    path = sparse_tar(tmp_path / "a.tar", pax_record(pairs(*attributes)), record)
    assert look(path).verdict["bag"] in ("invalid", "unreadable")
    assert {LIES, "archive.damaged"} & set(codes(path))
    done = archtool("unpack", path, "-o", tmp_path / "out")
    assert (done.code in (1, 3), (tmp_path / "out").exists()) == (True, False)


@pytest.mark.parametrize("is_last", [False, True])
def test_a_sparse_file_with_two_names_is_refused_if_tools_choose_different_ones(
    is_last: bool, tmp_path: Path
) -> None:
    other, own = [(b"path", b"bag/data/made-up")], pairs(*IN_ONE)
    path = sparse_tar(tmp_path / "a.tar", pax_record(own + other if is_last else other + own), data_record())
    assert look(path).verdict["bag"] == ("invalid" if is_last else "valid")


def test_a_sparse_map_for_all_members_is_refused(tmp_path: Path) -> None:
    path = sparse_tar(tmp_path / "a.tar", pax_record(pairs(*IN_ONE), b"g"), data_record())
    assert LIES in codes(path)


def old_sparse(pieces: list[tuple[int, int]], size: int, data: bytes, more: list[bytes]) -> bytes:
    """Return a member in GNU's old form: four pieces in its header, the others in blocks after it."""
    record = new_record(b"bag/data/x", b"S", data)
    record.header[257:265] = b"ustar  \0"
    record.header[345:500] = bytes(155)
    for number, (offset, length) in enumerate(pieces):
        at = 386 + 24 * number
        record.header[at : at + 24] = b"%011o\0%011o\0" % (offset, length)
    record.header[482] = bool(more)
    record.header[483:495] = b"%011o\0" % size
    record.sum_up()
    whole = record.to_bytes()
    return whole[:512] + b"".join(more) + whole[512:]


def sparse_block(pieces: list[tuple[int, int]], *, has_more: bool = False) -> bytes:
    text = b"".join(b"%011o\0%011o\0" % piece for piece in pieces)
    return text.ljust(504, b"\0") + bytes([has_more]) + bytes(7)


@pytest.mark.parametrize(
    ("pieces", "more", "verdict"),
    [
        ([(0, 512), (1024, 3), (2024, 0)], [], "valid"),
        ([(0, 512)], [sparse_block([(1024, 3), (2024, 0)])], "valid"),
        ([(0, 512)], [sparse_block([(1024, 3)])], "invalid"),
        ([(0, 512)], [sparse_block([(511, 3), (2024, 0)])], "invalid"),
        ([(0, 512), (1024, 4), (2024, 0)], [], "invalid"),
        ([(0, 512), (4096, 3)], [], "invalid"),
    ],
)
def test_the_old_form_of_a_sparse_file_is_read_or_refused(
    pieces: list[tuple[int, int]], more: list[bytes], verdict: str, tmp_path: Path
) -> None:
    path = sparse_tar(tmp_path / "a.tar")
    path.write_bytes(path.read_bytes()[:-1024] + old_sparse(pieces, 2024, DATA, more) + bytes(1024))
    assert look(path).verdict["bag"] == verdict
    assert (LIES in codes(path)) == (verdict == "invalid")


def test_an_endless_sparse_map_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_MEMBER_HEADER_BYTES", 400_000)
    path = sparse_tar(tmp_path / "a.tar")
    endless = [sparse_block([(n, 0) for n in range(21)], has_more=True)] * 1_000
    path.write_bytes(path.read_bytes()[:-1024] + old_sparse([(0, 512)], 2024, DATA, endless))
    assert (look(path).verdict["bag"], "archive.damaged" in codes(path)) == ("unreadable", True)


@pytest.mark.parametrize("size", [2**40, 2**62, 2**63 - 1, 2**70])
def test_a_sparse_file_with_an_impossible_size_is_refused(size: int, tmp_path: Path) -> None:
    attributes = ((b"size", b"%d" % size), BLOCKS, NAME, MAP)
    path = sparse_tar(tmp_path / "a.tar", pax_record(pairs(*attributes)), data_record())
    assert look(path).verdict["bag"] in ("invalid", "unreadable")
    done = archtool("unpack", path, "-o", tmp_path / "out")
    assert (done.code in (1, 3), (tmp_path / "out").exists()) == (True, False)


def test_a_volume_label_in_the_bag_is_refused_and_one_outside_it_is_reported(tmp_path: Path) -> None:
    for label, is_first, verdict, code in (
        (b"Letters of 1847", True, "valid", "archive.volume-label"),
        (b"Letters of 1847", False, "invalid", LIES),
        (b"bag", True, "invalid", LIES),
        (b"bag/data/y", True, "invalid", LIES),
    ):
        label_record, path = new_record(label, b"V"), tmp_path / "a.tar"
        sparse_tar(path, data_record(SPARSE_FILE), *([] if is_first else [label_record]))
        path.write_bytes((label_record.to_bytes() if is_first else b"") + path.read_bytes())
        assert (look(path).verdict["bag"], codes(path)[0]) == (verdict, code)


def test_the_manifest_can_be_a_hard_link(tmp_path: Path) -> None:
    files = {
        "bagit.txt": BAG["bagit.txt"],
        "manifest-sha512.txt": manifest({"data/x": LETTER}),
        "data/x": LETTER,
    }
    for mode in ("w", "w:gz"):
        path = tmp_path / "a.tar"
        with tarfile.open(str(path), mode) as archive:  # type: ignore[call-overload]
            archive.addfile(*regular("bag/data/z", files["manifest-sha512.txt"]))
            for name in ("bagit.txt", "data/x"):
                archive.addfile(*regular(f"bag/{name}", files[name]))
            archive.addfile(hard_link("bag/manifest-sha512.txt", "bag/data/z"))
        assert set(codes(path)) == {"archive.hard-links", "complete.file-unlisted"}
