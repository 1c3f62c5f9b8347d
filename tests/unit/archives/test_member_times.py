"""The time of a file in an archive: exact where the format allows it, and read by every program."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archives import serialise
from archtool.archives.archive import Archive
from archtool.archives.limits import Limits
from archtool.archives.writer import create_archive
from archtool.archives.zip.extra_fields import format_times, parse_extra

PACKED_AT = datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC)
TIMES_NS = {
    "now": 1_780_000_000 * 10**9, "exact": 479019967_123456700, "before-1970": -1_500_000_000,
    "before-1901": -3_000_000_000 * 10**9, "after-2038": 2**31 * 10**9, "after-2107": 5_000_000_000 * 10**9,
    "after-2242": 8**11 * 10**9, "epoch": 0,
}  # fmt: skip


def archive_of(target: Path, times_ns: dict[str, int | None]) -> Path:
    writer = create_archive(target, target.suffix[1:], PACKED_AT)
    for name, time_ns in times_ns.items():
        writer.begin(f"bag/{name}", 1, time_ns).update(memoryview(b"x"))
        writer.end()
    writer.close()
    return target


@pytest.mark.parametrize("form", ["tar", "zip"])
@pytest.mark.parametrize("name", TIMES_NS)
def test_a_time_is_read_back_as_it_was_written(form: str, name: str, tmp_path: Path) -> None:
    path = archive_of(tmp_path / f"a.{form}", {"bagit.txt": None, name: TIMES_NS[name]})
    with Archive(path, Limits()) as archive:
        assert archive.findings == ()
        assert archive.modified_at_ns(name) == TIMES_NS[name]
        package_time = archive.modified_at_ns("bagit.txt") // 10**9
    assert package_time in (
        int(PACKED_AT.timestamp()),
        int(PACKED_AT.timestamp()) - 1,
    )  # even seconds in a zip


def test_a_tar_keeps_nanoseconds(tmp_path: Path) -> None:
    path = archive_of(
        tmp_path / "a.tar", {"bagit.txt": None, "x": 479019967_123456789, "y": -123_456_789_012}
    )
    with Archive(path, Limits()) as archive:
        assert archive.modified_at_ns("x") == 479019967_123456789
        assert archive.modified_at_ns("y") == -123_456_789_012


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_a_time_that_no_calendar_has_does_no_harm(form: str, tmp_path: Path) -> None:
    path = archive_of(tmp_path / f"a.{form}", {"bagit.txt": None, "x": 2**80, "y": -(2**80)})
    with Archive(path, Limits()) as archive:
        assert archive.findings == ()
        assert archive.read_bytes("x", 10) == b"x"


def test_other_programs_read_the_time(tmp_path: Path) -> None:
    times: dict[str, int | None] = {"x": 479019967_123456789}
    with tarfile.open(archive_of(tmp_path / "a.tar", times)) as tar:
        assert int(tar.getmember("bag/x").mtime) == 479019967
    zipped = archive_of(tmp_path / "a.zip", times)
    with zipfile.ZipFile(zipped) as members:
        assert members.getinfo("bag/x").date_time == (1985, 3, 7, 5, 6, 6)
    for program in (["tar", "-xf", "a.tar"], ["bsdtar", "-xf", "a.tar"], ["unzip", "-qo", "a.zip"]):
        if shutil.which(program[0]) is None:
            continue
        shutil.rmtree(tmp_path / "bag", ignore_errors=True)
        subprocess.run(
            program, cwd=tmp_path, check=True, env={"TZ": "America/Sao_Paulo", "PATH": "/usr/bin:/bin"}
        )
        assert int((tmp_path / "bag" / "x").stat().st_mtime) == 479019967, program


def test_the_exact_time_of_a_zip_of_another_program_is_read(tmp_path: Path) -> None:
    """Info-ZIP adds a field in seconds, in UTC; the time of the header itself is local."""
    archive = serialise({"bagit.txt": b"x"}, tmp_path / "a.zip", base="bag")
    if shutil.which("zip") is not None:
        archive.unlink()
        (tmp_path / "bag").mkdir()
        (tmp_path / "bag" / "bagit.txt").write_bytes(b"x")
        subprocess.run(["touch", "-d", "1985-03-07T05:06:07Z", tmp_path / "bag" / "bagit.txt"], check=True)
        settings = {"TZ": "Asia/Tokyo", "PATH": "/usr/bin:/bin"}
        subprocess.run(["zip", "-qr", archive, "bag"], cwd=tmp_path, check=True, env=settings)
        with Archive(archive, Limits()) as opened:
            assert opened.modified_at_ns("bagit.txt") == 479019967 * 10**9


@pytest.mark.parametrize(
    "field",
    [b"", b"\x55\x54\x00\x00", b"\x55\x54\x01\x00\x01", b"\x55\x54\x05\x00\x02\1\1\1\1",
     b"\x0a\x00\x04\x00\0\0\0\0", b"\x0a\x00\x20\x00" + bytes(32)],
)  # fmt: skip
def test_a_field_of_another_form_states_no_time(field: bytes) -> None:
    assert parse_extra(field).modified_at_ns is None


def test_the_first_of_two_fields_counts() -> None:
    assert parse_extra(format_times(10**9) + format_times(2 * 10**9)).modified_at_ns == 10**9
