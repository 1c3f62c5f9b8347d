"""All text is UTF-8, whatever the locale says: on the screen, in pipes, in names and in packages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from command_line import DATE, Run, archtool_process

NAME, TITLE = "письмо à l’étranger.txt", "Письмо 中央委員會 שלום"
NARROW = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
"""Python then reads file names and prints in ASCII, unless a program does something about it."""
UTF8 = {"LC_ALL": "C.UTF-8"}


@pytest.fixture
def description(letters: Path) -> Path:
    (letters / NAME).write_text("Товарищам.", encoding="utf-8")
    path = letters / "description.yaml"
    text = f'archtool: 1\ntitle: "{TITLE}"\ntranscription: "{NAME}"\nlanguage: ru\nsource: A\n'
    path.write_text(text, encoding="utf-8")
    return path


def untimed(text: str) -> str:
    """Return an output without the seconds that a command took."""
    return re.sub(r"[0-9.]+ s\b", "", text)


def packed(description: Path, target: Path, env: dict[str, str]) -> Run:
    return archtool_process("pack", description, "-o", target, "--date", DATE, env=env, is_measured=False)


def test_a_package_has_the_same_bytes_in_every_locale(tmp_path: Path, description: Path) -> None:
    packages = []
    for number, env in enumerate((UTF8, NARROW)):
        package = tmp_path / f"package-{number}"
        assert packed(description, package, env).code == 0
        files = sorted(path for path in package.rglob("*") if path.is_file())
        packages.append({path.relative_to(package): path.read_bytes() for path in files})
    assert packages[0] == packages[1]
    assert Path("data", NAME) in packages[0]


def test_the_output_is_the_same_in_every_locale(tmp_path: Path, description: Path) -> None:
    package = tmp_path / "package"
    packed(description, package, UTF8)
    for words in (
        ["show", package],
        ["cite", package],
        ["list", tmp_path],
        ["check", tmp_path / "письмо.yaml"],
    ):
        wide, narrow = (archtool_process(*words, env=env, is_measured=False) for env in (UTF8, NARROW))
        assert (narrow.code, untimed(narrow.out), narrow.err) == (wide.code, untimed(wide.out), wide.err)
        assert TITLE in narrow.out or "письмо" in narrow.err


def test_bytes_of_a_name_that_are_not_utf8_are_printed_as_codes(tmp_path: Path) -> None:
    name = b"letter-\xe9"
    seen = archtool_process("verify", tmp_path / name.decode("utf-8", "surrogateescape"), env=NARROW)
    assert (seen.code, "letter-\\xe9:" in seen.out) == (3, True)
