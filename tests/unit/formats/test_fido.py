"""The real fido identifies files, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archtool.errors import MissingPartError, StorageError
from archtool.formats import fido
from archtool.formats.fido import identify_with_fido

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(8) + b"\0\0\0\0IEND\xae\x42\x60\x82"


def test_fido_names_the_key_of_a_format_and_its_signatures(tmp_path: Path) -> None:
    (tmp_path / "page 1\n.png").write_bytes(PNG)
    (tmp_path / "letter.txt").write_text("To the sections.\n")
    (tmp_path / "nothing").write_bytes(b"\1\2\3")
    report = identify_with_fido(tmp_path, ["page 1\n.png", "letter.txt", "nothing", "missing.png"])
    assert report.tool.startswith("fido 1.")
    assert "formats-v" in report.tool
    (page,) = report.files_by_name["page 1\n.png"]
    assert page.size_bytes == len(PNG)
    assert page.formats[0].name == "Portable Network Graphics"
    assert page.formats[0].media_type == "image/png"
    assert page.formats[0].basis == "signature"
    (letter,) = report.files_by_name["letter.txt"]
    assert "x-fmt/111" in [one.key for one in letter.formats]
    assert [file.formats for file in report.files_by_name["nothing"]] == [()]
    assert [file.size_bytes for file in report.files_by_name["missing.png"]] == [None]


def test_without_fido_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fido, "find_spec", lambda _: None)
    with pytest.raises(MissingPartError) as missing:
        identify_with_fido(tmp_path, [])
    assert missing.value.hint is not None
    assert "[fido]" in missing.value.hint


def test_a_fido_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(PNG)
    with pytest.raises(StorageError, match=r"fido took more than 0 seconds"):
        identify_with_fido(tmp_path, ["page.png"], timeout_seconds=0.01)


def test_a_fido_that_crashes_is_named_with_its_last_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crash(_command: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", "raise SystemExit('no signatures')"]
        return real_run(command, **options)  # type: ignore[call-overload, no-any-return]

    real_run = subprocess.run
    monkeypatch.setattr(fido.subprocess, "run", crash)
    with pytest.raises(StorageError, match="fido failed: no signatures"):
        identify_with_fido(tmp_path, [])
