"""Zips that contradict themselves, so that tools extract different files: none of them is valid."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import archtool
from fuzz.zip_form import Zip, ZipMember, zip_of_items
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest

BAG = with_tag_manifest(bag_files())
FULL = 0xFFFFFFFF
OVERRUN = b"\x01\x00\xff\xff"  # declares 65,535 bytes, has none
LIES = "archive.lying-size"


def zip_of_bag(form: str = "deflated") -> Zip:
    return zip_of_items(dict(BAG), "bag", form, with_folders=True)


def letter(archive: Zip) -> ZipMember:
    return next(m for m in archive.members if m.name.endswith(b"letter.txt"))


def changed_zip(change: Callable[[ZipMember], object], form: str = "deflated") -> Zip:
    archive = zip_of_bag(form)
    change(letter(archive))
    return archive


def check(archive: Zip, folder: Path) -> tuple[str, list[str]]:
    """Return the verdict on the bag and the codes of the findings; an invalid zip is not unpacked."""
    path = folder / "a.zip"
    path.write_bytes(archive.to_bytes())
    result = look(path)
    verdict = result.verdict["bag"]
    assert archtool("unpack", path, "-o", folder / "out").code == {"valid": 0, "invalid": 1}.get(verdict, 3)
    return verdict, [f.code for f in result.findings]


def end_of(archive: Zip, **lies: int) -> Zip:
    archive.end |= lies
    return archive


def wide_end_of(archive: Zip, **lies: int) -> Zip:
    archive.end_64 = {**(archive.end_64 or {}), **lies}
    return archive


@pytest.mark.parametrize("form", ["stored", "deflated", "wide", "piped"])
def test_each_form_of_a_good_zip_is_valid(form: str, tmp_path: Path) -> None:
    assert check(zip_of_bag(form), tmp_path) == ("valid", [])


def test_extra_fields_that_are_too_long_are_refused(tmp_path: Path) -> None:
    for header in ("central", "local"):
        archive = changed_zip(lambda m, header=header: setattr(getattr(m, header), "extra", OVERRUN))  # type: ignore[misc]
        assert check(archive, tmp_path) == ("invalid", [LIES])


def test_contradictory_extra_fields_are_refused(tmp_path: Path) -> None:
    sizes = [struct.pack("<HHQ", 1, 8, size) for size in (5, 6)]
    for extra, verdict in (
        (sizes[0] + sizes[1], "invalid"),
        (sizes[0] + sizes[0], "valid"),
        (sizes[0] + b"\0\0\0", "valid"),  # padding that some writers use to align the data
        (sizes[0] + b"\0\0x", "invalid"),
    ):
        (tmp_path / verdict / extra.hex()).mkdir(parents=True)
        archive = changed_zip(lambda m, extra=extra: setattr(m.central, "extra", extra))  # type: ignore[misc]
        assert check(archive, tmp_path / verdict / extra.hex())[0] == verdict


def descriptor(member: ZipMember, form: str, mark: bytes = b"PK\7\x08", more: int = 0) -> bytes:
    return mark + struct.pack(form, zlib.crc32(member.data), len(member.packed), len(member.data) + more)


@pytest.mark.parametrize(
    ("form", "written", "verdict"),
    [
        ("piped", lambda m: descriptor(m, "<3L"), "valid"),
        ("piped", lambda m: descriptor(m, "<3L", mark=b""), "valid"),
        ("piped", lambda m: descriptor(m, "<L2Q"), "invalid"),
        ("piped", lambda m: descriptor(m, "<3L", more=1), "invalid"),
        ("piped", lambda m: m.data[:0], "invalid"),
        ("wide", lambda m: descriptor(m, "<L2Q"), "valid"),
        ("wide", lambda m: descriptor(m, "<3L"), "invalid"),
    ],
)
def test_missing_or_wrong_sizes_after_the_data_are_refused(
    form: str, written: Callable[[ZipMember], bytes], verdict: str, tmp_path: Path
) -> None:
    archive = zip_of_bag(form)
    member = letter(archive)
    member.has_descriptor = False
    member.flags |= 8
    member.local.lies = {"crc": 0} if form == "wide" else {"crc": 0, "packed": 0, "size": 0}
    if form == "wide":  # written like this by programs that do not know the sizes yet
        member.is_wide = False
        member.local.lies |= {"packed": FULL, "size": FULL}
        member.local.extra = struct.pack("<HHQQ", 1, 16, 0, 0)
    following = archive.members[archive.members.index(member) + 1]
    following.gap = written(member)
    found, codes = check(archive, tmp_path)
    assert (found, LIES in codes) == (verdict, verdict == "invalid")


def test_a_member_with_an_impossible_end_causes_no_traceback(tmp_path: Path) -> None:
    archive = changed_zip(lambda m: setattr(m, "has_descriptor", True))
    letter(archive).central.lies["packed"] = FULL
    letter(archive).central.extra = struct.pack("<HHQ", 1, 8, 2**63)
    verdict, codes = check(archive, tmp_path)
    assert (verdict, LIES in codes) == ("invalid", True)


@pytest.mark.parametrize(
    "archive",
    [
        end_of(zip_of_bag(), disk=1),
        end_of(zip_of_bag(), first_disk=1),
        end_of(zip_of_bag(), here=1),
        wide_end_of(zip_of_bag("wide"), locator_disk=46),
        wide_end_of(zip_of_bag("wide"), disks=2),
        wide_end_of(zip_of_bag("wide"), disk=1),
        end_of(zip_of_bag("wide"), disk=1),
        end_of(zip_of_bag("wide"), first_disk=1),
        end_of(zip_of_bag("wide"), here=2),
    ],
)
def test_one_part_of_several_of_a_zip_is_unreadable(archive: Zip, tmp_path: Path) -> None:
    verdict, codes = check(archive, tmp_path)
    assert (verdict, codes[0]) == ("unreadable", "archive.damaged")


def test_the_end_record_can_leave_its_numbers_to_the_zip64_record(tmp_path: Path) -> None:
    assert check(end_of(zip_of_bag("wide"), disk=0xFFFF, first_disk=0xFFFF), tmp_path) == ("valid", [])


def test_a_member_in_another_part_of_the_zip_is_refused(tmp_path: Path) -> None:
    assert check(changed_zip(lambda m: m.central.lies.update(disk=1)), tmp_path) == ("invalid", [LIES])


def test_a_file_with_the_attribute_of_a_folder_is_refused(tmp_path: Path) -> None:
    for number, made_by in enumerate((0x14, 0x314)):
        (tmp_path / str(number)).mkdir()
        lies = {"attributes": 0x10, "made_by": made_by}
        archive = changed_zip(lambda m, lies=lies: m.central.lies.update(lies))  # type: ignore[misc]
        assert check(archive, tmp_path / str(number)) == ("invalid", [LIES])


def test_a_file_with_the_mode_of_a_folder_is_refused(tmp_path: Path) -> None:
    lies = {"attributes": 0o040755 << 16}
    assert check(changed_zip(lambda m: m.central.lies.update(lies)), tmp_path) == ("invalid", [LIES])


def test_a_backslash_that_some_tools_read_as_a_slash_is_refused(tmp_path: Path) -> None:
    for name, made_by, verdict in (
        (b"bag\\bagit.txt", 0x314, "invalid"),  # the name has no other slash
        (b"bag/x\\bagit.txt", 0x314, "valid"),
        (b"bag/x\\bagit.txt", 0x14, "invalid"),  # made on a system where it is a slash
    ):
        folder = tmp_path / str(made_by) / verdict
        folder.mkdir(parents=True)
        archive = zip_of_bag()
        archive.members.append(ZipMember(name, b"", b"", 0))
        archive.members[-1].central.lies["made_by"] = made_by
        assert check(archive, folder)[0] == verdict


def with_backslashes(name: bytes) -> bytes:
    return name.replace(b"/", b"\\")


@pytest.mark.parametrize("made_by", [0x14, 0x314, 0xA14])
@pytest.mark.parametrize("form", ["stored", "deflated", "wide", "piped"])
def test_a_zip_whose_names_all_have_backslashes_is_read_with_a_warning(
    form: str, made_by: int, tmp_path: Path
) -> None:
    """Compress-Archive of Windows PowerShell 5.1 writes such names, also for folders."""
    archive = zip_of_bag(form)
    for member in archive.members:
        member.has_descriptor &= not member.name.endswith(b"/")
        member.name = with_backslashes(member.name)
        member.mode, member.central.lies["made_by"] = 0, made_by
    assert check(archive, tmp_path) == ("valid", ["archive.backslashes"])
    assert (tmp_path / "out" / "data" / "letter.txt").read_bytes() == BAG["data/letter.txt"]


def test_a_mix_of_backslashes_and_slashes_is_refused_with_a_hint(tmp_path: Path) -> None:
    archive = zip_of_bag()
    for member in archive.members:
        member.central.lies["made_by"] = 0x14
        if member.name.endswith(b".txt"):
            member.name = with_backslashes(member.name)
    verdict, codes = check(archive, tmp_path)
    assert (verdict, "archive.backslash-in-name" in codes) == ("invalid", True)


@pytest.mark.parametrize("name", [b"..\\..\\x", b"\\etc\\x", b"bag\\..\\..\\x"])
def test_backslashes_that_climb_are_refused_like_slashes(name: bytes, tmp_path: Path) -> None:
    archive = zip_of_bag()
    archive.members.append(ZipMember(name, b"", b"", 0))
    for member in archive.members:
        member.name, member.mode = with_backslashes(member.name), 0
    verdict, codes = check(archive, tmp_path)
    assert (verdict, "archive.unsafe-member" in codes) == ("invalid", True)


def test_a_name_that_is_utf8_only_by_its_flag_is_refused(tmp_path: Path) -> None:
    for flags, verdict in ((0x800, "invalid"), (0, "valid")):
        (tmp_path / verdict).mkdir()
        archive = zip_of_bag()
        archive.members.append(ZipMember(b"bag/caf\xe9.txt", b"", b"", 0, flags=flags))
        assert check(archive, tmp_path / verdict)[0] == verdict


def test_a_folder_that_is_listed_twice_is_one_folder(tmp_path: Path) -> None:
    archive = zip_of_bag()
    archive.members.append(next(m for m in archive.members if m.name == b"bag/data/").copy())
    assert check(archive, tmp_path) == ("valid", [])


def test_a_device_outside_the_bag_is_refused(tmp_path: Path) -> None:
    archive = zip_of_bag()
    archive.members.append(ZipMember(b"bag\\data\\letter.txt", b"", b"", 0, stat.S_IFBLK | 0o644))
    assert check(archive, tmp_path) == ("invalid", ["archive.outside-bag", "archive.special-member"])
