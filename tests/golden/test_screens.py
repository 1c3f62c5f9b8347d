"""Screens and files for people are kept as golden files, so that every change is visible in a diff."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.files.workers.concurrency import Concurrency
from archtool.operations.list_packages.list_packages import ListRequest, list_packages
from archtool.operations.show import show
from archtool.operations.trust.trust_request import TrustRequest
from archtool.report.text.package_list import format_list_head, format_row
from archtool.report.text.show.page_of_package import format_view
from command_line import archtool
from golden_files import assert_golden
from packages import EXAMPLES, REPOSITORY, pack, write_description, write_key
from terminals import Terminal
from unit.bagit.bag_builders import bag_files, write_bag

FOLDER = Path(__file__).parent
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
FAULTY = """\
archtool: 1
titel: Letter
date: 1932-13
language: french
original: { signed: no }
source:
  typ: book
translation: { from: ru, to: fr, credit: }
transcription:
  - { file: ../letter.txt }
annexes:
  - title: List
    status: reproducd
    within: { file: letter.txt, from-line: 0 }
    title: List
"""


def shown(text: str, folder: Path) -> str:
    """Return a text without paths and times, which differ from run to run."""
    lines = text.replace(str(folder), "FOLDER").replace(str(REPOSITORY), "PROJECT").splitlines()
    return "\n".join(line.rpartition(" · ")[0] if line.endswith(" s") else line for line in lines) + "\n"


def test_the_findings_of_a_faulty_description(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_description(tmp_path, FAULTY)
    monkeypatch.chdir(tmp_path)
    run = archtool("check", "description.yaml")
    assert run.code == 3
    assert_golden(FOLDER / "complaints.txt", run.out, request)


def test_the_screens_of_the_document_of_1932(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    package = Path("rakovsky-1932-appel")
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package)
    assert_golden(FOLDER / "pack.txt", shown(made.out, tmp_path), request)
    assert_golden(FOLDER / "verify.txt", shown(archtool("verify", package).out, tmp_path), request)
    assert_golden(FOLDER / "show.txt", archtool("show", package).out, request)
    wide = format_view(show(package, TrustRequest(), AT), 120)
    assert_golden(FOLDER / "show-120.txt", wide, request)
    for style in ("plain", "bibtex", "ris"):
        out = archtool("cite", package, "--style", style).out
        assert_golden(FOLDER / f"cite-{style}.txt", out.replace("\r\n", "\n"), request)
    for name in ("VERIFY.txt", "bag-info.txt", "metadata/annexes.json"):
        assert_golden(FOLDER / Path(name).name, (package / name).read_text(encoding="utf-8"), request)


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_of_a_holding(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("holding").mkdir()
    key, package = write_key(tmp_path), Path("holding/rakovsky-1932-appel")
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package, "--sign", key).code == 0
    claim = ("--event", "fixity-check", "--detail", "outcome=valid", "--date", "2026-12-24T12:00:00Z")
    assert archtool("attest", package, "--sign", key, *claim).code == 0
    foreign = "External-Description: 支部宛の手紙と会議の記録\nPayload-Oxum: 17400.1204\n"
    write_bag(Path("holding/boxes/papers"), bag_files(info=foreign))
    Path("holding/cut-off.zip").write_bytes(b"PK\3\4 cut off")
    rows = list_packages(ListRequest([Path("holding")]), Concurrency(1))
    now = datetime(2027, 1, 15, 12, tzinfo=UTC)
    lines = [format_list_head(width), *(line for row in rows for line in format_row(row, now, width))]
    assert_golden(FOLDER / f"list-{width}.txt", "\n".join(lines) + "\n", request)


def test_the_draft_of_a_description(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for name in ("letter.txt", "reply of the section.txt", "scans/0001.tif", "notes.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert archtool("new", tmp_path).code == 0
    text = (tmp_path / "description.yaml").read_text(encoding="utf-8")
    assert_golden(FOLDER / "draft.yaml", text, request)


def test_a_damaged_package_on_the_screen(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pack(EXAMPLES / "letter" / "description.yaml", Path("letter")).code == 0
    Path("letter/data/letter.txt").write_text("changed\n")
    Path("letter/data/more.txt").write_text("x")
    Path("letter/metadata/citation.json").unlink()
    run = archtool("verify", "letter")
    assert run.code == 1
    assert_golden(FOLDER / "damaged.txt", shown(run.out, tmp_path), request)


TITLES = (
    "Letter of the bureau to the sections", "À tous les bolcheviks-léninistes (oppositionnels)",
    "中央委員會致各支部的信 第三號", "رسالة إلى الأقسام", "Note",
    "Letter on the question of the sections, with a postscript",
    "Brief an die Sektionen", "Письмо бюро к секциям", "編集者への手紙", "Circular no. 4", "Circular no. 5",
    "Minutes of the plenum",
)  # fmt: skip


def write_table(folder: Path) -> None:
    """Write a table of twelve letters: one has a wrong date, one no file, one a wrong language."""
    lines = ["package,folder,title,date,transcription,language,source,rights.original,rights.package"]
    for number, title in enumerate(TITLES, 1):
        name = f"{number:04}"
        (folder / "scans" / name).mkdir(parents=True)
        if number != 7:
            (folder / "scans" / name / "letter.txt").write_text("Pour la section.\n" * number * 900)
        date, language = ("May 19-99" if number == 5 else "1932-05"), ("Frensh" if number == 11 else "fr")
        values = f'letters/{name},scans/{name},"{title}",{date},letter.txt,{language},"Cahiers, no 3 (1979)."'
        lines.append(f"{values},UND,CC0-1.0")
    (folder / "letters.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize("columns", [80, 120])
def test_a_batch_on_the_screen(tmp_path: Path, request: pytest.FixtureRequest, columns: int) -> None:
    write_table(tmp_path)
    screens = []
    for options in (("--check",), (), ()):
        words = ("batch", "letters.csv", "-o", "out", "--jobs", "1", *options)
        terminal = Terminal(*words, columns=columns, cwd=tmp_path, NO_COLOR="1")
        assert terminal.end() == 6
        screens += [f"$ archtool {' '.join(words)}", *terminal.lines]
    text = re.sub(r"[0-9]+\.[0-9] s\b", "0.0 s", "\n".join(screens))
    assert_golden(FOLDER / f"batch-{columns}.txt", text, request)
