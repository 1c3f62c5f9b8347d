"""The commands of the guides about the register run, on the shelves that the guides speak of."""

from __future__ import annotations

import re
import shlex
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from archtool.holdings.event import Event
from archtool.holdings.queries import records_of
from archtool.holdings.register import open_register
from command_line import Run, archtool
from docs.register_page import members_of
from packages import ARCHIVIST, REPOSITORY, pack, write_allowed_signers, write_key, write_letter

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROOTS = re.compile(r"(?<![\w./-])/(?=(?:srv|shelf|shelf-2|mnt|media|new-disk|var)\b)")
"""Where the paths of the guides begin; here they are below a folder of the test."""
HOLDINGS = ("letters-1847", "letters-1848", "letters-1849")


@dataclass
class Stage:
    """An archive of three packages on a shelf, with the folders that the guides name."""

    folder: Path
    printed: list[str] = field(default_factory=list)
    """By each command, with the paths of the guides and without line breaks."""

    def path(self, place: str) -> Path:
        """Return where a path of the guides is."""
        return self.folder / place.lstrip("/")

    def copy(self, old: str, new: str) -> None:
        """Copy a package."""
        shutil.copytree(self.path(old), self.path(new))

    def move(self, old: str, new: str) -> None:
        """Move a package or a shelf."""
        self.path(new).parent.mkdir(exist_ok=True)
        self.path(old).rename(self.path(new))

    def damage(self, *places: str) -> None:
        """Change a byte of the letter in packages."""
        for place in places:
            letter = self.path(place) / "data" / "letter.txt"
            letter.write_bytes(letter.read_bytes().swapcase())

    def run(self, line: str) -> Run:
        """Run a command of a guide."""
        words = shlex.split(ROOTS.sub(f"{self.folder}/", line), comments=True)
        assert words[0] == "archtool"
        result = archtool(*words[1:])
        self.printed.append(plain(result.out.replace(str(self.folder), "")))
        return result

    def assert_printed(self, page: str) -> None:
        """Assert that each example of output in a guide is what a command printed."""
        shown = [block for block in blocks(page) if not block.startswith("archtool ")]
        assert shown
        for example in shown:
            assert any(plain(example) in text for text in self.printed), (example, self.printed)


VARIES = re.compile(r"[0-9.]+ s\b|[0-9.]+ KB|[0-9]{4}-[0-9]{2}-[0-9]{2}|SHA256:[A-Za-z0-9+/]+")
"""What differs between two runs: seconds, the size with the key's name, dates."""


def plain(text: str) -> str:
    """Return a text on one line, without what differs between two runs."""
    return VARIES.sub("…", " ".join(text.split()))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The packages before the first day; the register does not exist yet."""
    key = write_key(tmp_path)
    write_allowed_signers(tmp_path, ARCHIVIST)
    (tmp_path / "shelf" / "letters").mkdir(parents=True)
    for name in HOLDINGS:
        source = tmp_path / f"source-{name}"
        source.mkdir()
        description = write_letter(source, f"id: {name}\n")
        assert pack(description, tmp_path / "shelf" / "letters" / name, "--sign", key).code == 0
    for place in ("srv", "mnt/second", "mnt/tape", "media/safe", "var/lib/prometheus/node-exporter"):
        (tmp_path / place).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARCHTOOL_CONFIG", "")
    monkeypatch.setenv("ARCHTOOL_REGISTER", str(tmp_path / "srv" / "archive.register"))
    return Stage(tmp_path)


def blocks(page: str) -> list[str]:
    """Return the blocks of a guide that have no language: commands, or what they print."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    return [block for language, block in BLOCK.findall(text) if not language]


def commands(page: str) -> Iterator[str]:
    """Yield the commands of a guide: lines, with their continuation lines."""
    for block in blocks(page):
        if block.startswith("archtool "):
            yield from block.replace("\\\n", " ").splitlines()


def play(stage: Stage, page: str, before: Mapping[str, Callable[[], Any]], codes: Mapping[str, int]) -> None:
    """Run all commands of a guide; something happens `before` one, and one can end with another code than 0.

    Both name a command by the words with which it begins.
    """
    met: set[str] = set()
    for line in commands(page):
        for start, step in before.items():
            if line.startswith(start) and start not in met:
                met.add(start)
                step()
        wanted = next((code for start, code in codes.items() if line.startswith(start)), 0)
        result = stage.run(line)
        assert result.code == wanted, (line, result.out, result.err)
        assert "Traceback" not in result.err
    assert met == {*before}


def test_the_guide_of_the_register_runs_from_the_first_day_on(stage: Stage) -> None:
    shelf = "/shelf/letters/letters-1847"

    def damage() -> None:
        stage.copy(shelf, "/mnt/mirror/letters-1847")
        assert stage.run("archtool holdings copies letters-1847 --add /mnt/mirror/letters-1847").code == 0
        stage.copy(shelf, "COPY")
        stage.copy(shelf, "BAG")
        stage.damage(shelf, "BAG")
        assert stage.run("archtool audit --all").code == 1

    before: dict[str, Callable[[], Any]] = {
        "archtool repair letters-1847": damage,
        "archtool holdings copies letters-1847 --add": lambda: (
            stage.copy(shelf, "/mnt/second/letters-1847"),
            stage.copy(shelf, "/mnt/tape/letters-1847"),
        ),
        "archtool holdings move": lambda: stage.move("/shelf/letters/letters-1848", "/shelf-2/letters-1848"),
        "archtool holdings update": lambda: make_again(stage, "/shelf-2/letters-1848"),
        "archtool holdings shelf move": lambda: stage.move("/shelf/letters", "/new-disk/letters"),
    }
    codes = {"archtool repair letters-1847 --apply": 0, "archtool repair": 1}
    play(stage, "holdings.md", before, codes)
    assert len(stage.printed) > 25
    stage.assert_printed("holdings.md")
    members = written_members(stage.path("/srv/archive.register"))
    assert len(members) > 12
    assert {
        event: found - members_of(event) for event, found in members.items() if found - members_of(event)
    } == {}


def written_members(register: Path) -> dict[str, set[str]]:
    """Return the members that the events of a register have in `detail`, by event."""
    found: dict[str, set[str]] = {}
    with open_register(register, read_only=True) as opened:
        for _, record in records_of(opened.connection):
            event, _ = Event.parse(record)
            found.setdefault(event.event, set()).update(event.detail)
    return found


def make_again(stage: Stage, place: str) -> None:
    """Pack the package at a place again, with other content."""
    source = stage.folder / f"source-{Path(place).name}"
    (source / "letter.txt").write_text("To the sections, with two pages more.\n")
    assert pack(source / "description.yaml", stage.path(place), "--force").code == 0


def make_register(stage: Stage) -> None:
    """Do what the guide of the register does on the first day."""
    for line in (
        "holdings init /srv/archive.register --archive 'City archive'",
        "holdings adopt /shelf/letters",
    ):
        assert stage.run(f"archtool {line}").code == 0


def test_the_commands_of_the_guide_of_reports_run(stage: Stage) -> None:
    make_register(stage)
    play(stage, "holdings-report.md", {}, {})
    written = ("report.html", "pages/index.html", "tables/holdings.csv", "night.eml")
    assert [name for name in written if not (stage.folder / name).is_file()] == []
    assert (stage.path("/var/lib/prometheus/node-exporter") / "archtool.prom").is_file()


def test_the_guide_of_repairs_shows_what_repair_prints(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two damaged copies complete each other, as in the example of the guide."""
    monkeypatch.delenv("ARCHTOOL_REGISTER")
    whole = "/shelf/letters/letters-1847"
    for place in ("letters-1847", "/mnt/second/letters-1847", "packed/letters-1847"):
        stage.copy(whole, place)
    (stage.path("letters-1847") / "bag-info.txt").unlink()
    (stage.path("/mnt/second/letters-1847") / "data" / "letter.txt").unlink()
    with (stage.path("packed/letters-1847") / "bag-info.txt").open("a") as info:
        info.write("Contact-Name: nobody\n")
    stage.damage("letters-1847")
    stage.path("tape").mkdir()
    with tarfile.open(stage.path("tape/letters-1847.tar"), "w") as archive:
        archive.add(stage.path("packed/letters-1847"), "letters-1847")
    play(stage, "repair.md", {}, {"archtool repair": 1})
    stage.assert_printed("repair.md")
    assert stage.run(f"{next(commands('repair.md'))} --apply").code == 0
