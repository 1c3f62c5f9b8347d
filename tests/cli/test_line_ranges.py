"""Annexes inside the file of the text: `check` and `show` quote their lines, `new` proposes them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from command_line import Run, archtool
from packages import pack, write_letter

TEXT = """\
To the sections.
The bureau has met.

***

Annexe:
List of the delegates.

Their names
are not known.
"""


def annexe(lines: str, name: str = "list", more: str = "") -> str:
    return f"""\
  - id: {name}
    title: List of the delegates
    status: reproduced
    within: {{ file: letter.txt, {lines} }}
{more}"""


def check(folder: Path, *annexes: str, text: str = TEXT, options: tuple[str, ...] = ()) -> Run:
    description = write_letter(folder, "annexes:\n" + "".join(annexes), text)
    return archtool("check", description, *options)


def test_check_quotes_the_first_and_the_last_words(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 6"))
    assert run.code == 0
    assert run.out.splitlines()[:2] == [
        "annexe list: lines 6–10 of letter.txt",
        "  text   “Annexe: List of the delegates. Their names are not known.”",
    ]


def test_check_notes_empty_lines_at_the_edges(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 5, to-line: 8"))
    assert "lines 5–8 of letter.txt (the first is empty, the last is empty)" in run.out


def test_check_states_the_ranges_as_facts(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 6"), text=TEXT + "words " * 40 + "\n", options=("--json",))
    (facts,) = run.objects[0]["facts"]["line_ranges"]
    assert (facts["annexe"], facts["file"], facts["from_line"], facts["to_line"]) == (
        "list",
        "letter.txt",
        6,
        11,
    )
    assert facts["begins"] == "Annexe: List of the delegates. Their names are not known.…"
    assert facts["ends"].startswith("…words")


@pytest.mark.parametrize("kind", ["\r\n", "\n"])
def test_line_ends_of_windows_make_no_difference(tmp_path: Path, kind: str) -> None:
    (tmp_path / "letter.txt").write_bytes(b"")
    description = write_letter(tmp_path, "annexes:\n" + annexe("from-line: 6"), TEXT)
    (tmp_path / "letter.txt").write_bytes(TEXT.replace("\n", kind).encode())
    assert (
        "text   “Annexe: List of the delegates. Their names are not known.”"
        in archtool("check", description).out
    )


def test_a_text_of_an_old_macintosh_is_one_line_and_the_hint_says_so(tmp_path: Path) -> None:
    description = write_letter(tmp_path, "annexes:\n" + annexe("from-line: 6"), TEXT)
    (tmp_path / "letter.txt").write_bytes(TEXT.replace("\n", "\r").encode())
    run = archtool("check", description)
    assert run.code == 1
    assert "letter.txt has 1 line [annexe.lines-outside]" in run.said()
    assert "its lines end in CR" in run.said()


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "utf-16-be"])
def test_quotations_are_decoded_in_the_declared_encoding(tmp_path: Path, encoding: str) -> None:
    description = write_letter(tmp_path, "annexes:\n" + annexe("from-line: 3"))
    text = description.read_text().replace(
        "transcription: letter.txt", f"transcription: [{{ file: letter.txt, encoding: {encoding} }}]"
    )
    description.write_text(text)
    (tmp_path / "letter.txt").write_bytes("Письмо\n\nПриложение 1\nсписок\n".encode(encoding))
    assert "text   “Приложение 1 список”" in archtool("check", description).out


def test_lines_of_a_text_in_utf_16_are_a_warning(tmp_path: Path) -> None:
    description = write_letter(tmp_path, "annexes:\n" + annexe("from-line: 3"))
    text = description.read_text().replace(
        "transcription: letter.txt", "transcription: [{ file: letter.txt, encoding: utf-16 }]"
    )
    description.write_text(text)
    (tmp_path / "letter.txt").write_bytes("To\n\nAnnexe\n".encode("utf-16"))
    run = archtool("check", description, "--json")
    assert (run.code, run.codes) == (0, ["annexe.lines-wide"])


def test_right_to_left_text_has_a_line_of_its_own(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 3"), text="To\n\n" + "שלום לכל החברים " * 20 + "\n")
    lines = run.out.splitlines()
    assert re.fullmatch("  begins “שלום [^a-z]*…”", lines[1])
    assert re.fullmatch("  ends   “…[^a-z]*”", lines[2])


def test_wide_text_is_quoted_by_columns(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 3"), text="To\n\n" + "各支部宛の手紙" * 40 + "\n")
    begins = run.out.splitlines()[1]
    assert 25 < len(begins) < 45


def test_a_cut_paragraph_is_a_note_with_the_nearest_ones(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 7, to-line: 9"))
    assert run.code == 0
    said = run.said()
    assert (
        "begins inside a paragraph, at line 7 of letter.txt; paragraphs begin at line 6 and at line 9" in said
    )
    assert "ends inside a paragraph, at line 9 of letter.txt; paragraphs end at line 7 and at line 10" in said


def test_a_range_without_words_is_a_warning(tmp_path: Path) -> None:
    run = check(tmp_path, annexe("from-line: 3, to-line: 5"), options=("--json",))
    assert (run.code, run.codes) == (0, ["annexe.lines-blank"])


def test_ranges_with_common_lines_are_a_warning(tmp_path: Path) -> None:
    second = annexe("from-line: 9", "names").replace("List of", "Names of")
    run = check(tmp_path, annexe("from-line: 6"), second)
    assert run.code == 0
    assert "have lines of letter.txt in common, from line 9 [annexe.lines-overlap]" in run.said()


def test_an_enclosure_inside_the_lines_of_its_annexe_is_no_overlap(tmp_path: Path) -> None:
    inner = """\
    enclosures:
      - { title: Names, status: reproduced, within: { file: letter.txt, from-line: 9 } }
"""
    run = check(tmp_path, annexe("from-line: 6", more=inner), options=("--json",))
    assert run.codes == []


def test_pack_reports_what_check_reports(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    description = write_letter(sources, "annexes:\n" + annexe("from-line: 7"), TEXT)
    made = archtool("pack", description, "-o", tmp_path / "package", "--json")
    assert (made.code, made.codes) == (0, ["annexe.lines-cut-paragraph"])


@pytest.fixture
def package(tmp_path: Path) -> Path:
    sources = tmp_path / "sources"
    sources.mkdir()
    target = tmp_path / "package"
    made = pack(write_letter(sources, "annexes:\n" + annexe("from-line: 6"), TEXT), target)
    assert made.code == 0, made.err
    return target


def test_show_quotes_the_lines_and_says_what_it_read(package: Path) -> None:
    run = archtool("show", package)
    assert run.code == 0
    assert "lines 6 to the end text “Annexe: List of the delegates. Their names are not known.”" in run.said()
    assert "and 1 quoted text (as in the manifests); the rest of the payload was not read" in run.said()
    facts = archtool("show", package, "--json").objects[0]["facts"]
    assert facts["line_ranges"][0]["to_line"] == 10


def test_show_quotes_from_an_archive(package: Path) -> None:
    archive = shutil.make_archive(str(package), "gztar", package.parent, package.name)
    assert (
        "“Annexe: List of the delegates. Their names are not known.”"
        in archtool("show", Path(archive)).said()
    )


def test_show_reports_that_the_quoted_text_was_changed(package: Path) -> None:
    text = package / "data" / "letter.txt"
    text.write_text(TEXT.replace("List", "Lost"))
    run = archtool("show", package, "--json")
    assert (run.code, run.codes) == (1, ["fixity.digest-mismatch"])
    assert "1 quoted text (CHANGED: run archtool verify)" in archtool("show", package).said()


def test_show_of_a_package_without_its_text_quotes_nothing(package: Path) -> None:
    (package / "data" / "letter.txt").unlink()
    run = archtool("show", package)
    assert run.code == 0
    assert "begins" not in run.out
    assert "the payload was not read" in run.said()


def draft(folder: Path, **texts: str) -> str:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    assert archtool("new", folder).code == 0
    return (folder / "description.yaml").read_text(encoding="utf-8")


def test_new_proposes_the_lines_of_an_annexe_with_the_words_quoted(tmp_path: Path) -> None:
    text = draft(tmp_path, letter=TEXT + "\n* * *\n\nAnother letter.\n")
    assert "#     # lines 6 to 10: after the line ***, a heading\n" in text
    assert "#     # begins “Annexe: List of the delegates. Their names are not known.”\n" in text
    assert "#     within: { file: letter.txt, from-line: 6, to-line: 10 }\n" in text
    assert "#     # line 14: after the line * * *\n" in text
    assert "#     within: { file: letter.txt, from-line: 14 }\n" in text


def test_the_proposals_are_comments_that_can_be_used(tmp_path: Path) -> None:
    text = draft(tmp_path, letter=TEXT)
    start, end = text.index("# annexes:"), text.index("# Files in this folder")
    used = re.sub("(?m)^# ?", "", text[start:end]).replace("TITLE OF THE ANNEXE", "List")
    write_letter(tmp_path, used, TEXT)
    run = archtool("check", tmp_path / "description.yaml", "--json")
    assert (run.code, run.codes) == (0, [])
    assert run.objects[0]["facts"]["line_ranges"][0]["from_line"] == 6


def test_new_proposes_nothing_for_a_text_without_boundaries(tmp_path: Path) -> None:
    assert "The text seems to have" not in draft(tmp_path, letter="To the sections.\n\nThe bureau has met.\n")


def test_proposals_follow_the_annexes_that_are_files(tmp_path: Path) -> None:
    text = draft(tmp_path, letter=TEXT, reply="Reply.\n")
    assert text.index("file: reply.txt") < text.index("#   - id: annexe-2")


def test_a_text_with_many_rows_of_signs_gets_a_few_proposals(tmp_path: Path) -> None:
    text = draft(tmp_path, letter="Chapter.\n\n***\n\n" * 40 + "Annexe\n\nEnd.\n")
    assert text.count("#     within:") == 12
    assert "# 28 more such places were left out." in text
    assert "a heading" in text


def test_new_proposes_annexes_in_the_payload_of_a_bag(package: Path) -> None:
    assert archtool("new", package).code == 0
    written = package.parent / "package.description.yaml"
    assert "within: { file: letter.txt, from-line: 6 }" in written.read_text(encoding="utf-8")


def test_control_characters_in_a_text_do_not_reach_the_draft_or_the_screen(tmp_path: Path) -> None:
    evil = "text\n\n***\n\nAnnexe \x1b[2J \u202e words\n"
    assert not set("\x1b\u202e") & set(draft(tmp_path, letter=evil))
    run = check(tmp_path, annexe("from-line: 5"), text=evil)
    assert not set("\x1b\u202e") & set(run.out)
