"""`archtool text compare`: what is printed of two texts, on a screen, in a pipe and for scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.operations.text_compare import compare as operation
from archtool.report.comparison import text as comparison_text
from archtool.report.comparison.kind_words import percent
from archtool.report.comparison.places import differing_places, places_by_line
from archtool.report.comparison.side_by_side import side_by_side
from archtool.report.text.columns import text_width
from archtool.text.comparing.compare import compare_texts
from budgets import examples
from command_line import Run, archtool
from terminals import Terminal

ONE = """La guerre eéclata en un autre endroit, et les bolche-
viks étaient loin du front, disait-on ce jour-là dans la ville.
Rien d'autre ne fut écrit sur cette page pendant une longue semaine.
"""
OTHER = """la guerre éclata en unautre endroit et les bolcheviks
étaient très loin du front, disait-on ce jour-là dans la
ville. Rien d'autre ne fut écrit sur cette page pendant une semaine.
"""


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    return write(tmp_path / "a.txt", ONE), write(tmp_path / "b.txt", OTHER)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def compare(*arguments: str | Path, cwd: Path | None = None) -> Run:
    return archtool("text", "compare", *arguments, cwd=cwd)


def test_differing_places_are_shown_side_by_side_with_counts_and_figures(texts: tuple[Path, Path]) -> None:
    run = compare("a.txt", "b.txt", cwd=texts[0].parent)
    assert (run.code, run.err) == (1, "")
    assert run.out.splitlines() == [
        "A: a.txt (32 words)",
        "B: b.txt (31 words)",
        "",
        "  1 [L]a guerre [e]éclata en           *   1 [l]a guerre []éclata en",
        "  1 un[ ]autre endroit[,] et les       *   1 un[]autre endroit[] et les",
        "  1 bolcheviks étaient loin            +   1 bolcheviks étaient [+très+] loin",
        "  2 du front, disait-on …                  2 du front, disait-on …",
        "",
        "  3 … cette page pendant une               3 … cette page pendant une",
        "  3 [-longue-] semaine.                -   3 semaine.",
        "",
        "words:      26 unchanged · ~ spelling 1 · , punctuation 1 · A capitals 1 · _",
        "            spacing 2 · - missing 1 · + added 1 (line ends ignored)",
        "similarity: 91.3 % (1 - 16 characters to replace, delete or insert / 184 of the",
        "            longer text)",
        "CER:        8.7 % (character error rate: 16 / 184 characters of A)",
        "WER:        21.9 % (word error rate: 7 / 32 words of A)",
    ]


def test_the_same_texts_have_no_difference_whatever_their_lines(tmp_path: Path) -> None:
    one = write(tmp_path / "a.txt", "un deux\r\ntrois\n")
    run = compare(one, write(tmp_path / "b.txt", "un\ndeux trois"))
    assert run.code == 0
    assert "3 unchanged (line ends ignored)" in run.out
    assert "similarity: 100.0 %" in run.out


def test_empty_texts_are_the_same(tmp_path: Path) -> None:
    run = compare(write(tmp_path / "a.txt", ""), write(tmp_path / "b.txt", " \n"), "--all")
    assert (run.code, "WER" in run.out) == (0, False)


def test_all_words_are_shown_on_request(texts: tuple[Path, Path]) -> None:
    shown = compare(*texts, "--all").out
    assert "…" not in shown
    assert shown.count("jour-là") == 2


def test_many_places_are_cut_and_the_way_to_the_others_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_text, "MAX_SHOWN_PLACES", 2)
    one = " ".join(f"mot{n}" for n in range(100))
    other = " ".join(f"mot{n}{'x' if n % 20 == 0 else ''}" for n in range(100))
    run = compare(write(tmp_path / "a.txt", one), write(tmp_path / "b.txt", other))
    assert "… and 3 more places (--all, --html PAGE and --json have them all)" in run.out


def test_scripts_get_each_difference_with_its_places(texts: tuple[Path, Path]) -> None:
    run = compare(*texts, "--json")
    (result,) = run.objects
    facts = result["facts"]
    assert (result["schema"], result["verdict"]) == ("archtool/text-compare/1", {"texts": "different"})
    assert (run.code, run.codes) == (1, ["compare.texts-differ"])
    assert facts["a"] == {"file": str(texts[0]), "encoding": "utf-8", "words": 32}
    assert facts["words"]["same"] == 26
    assert facts["figures"]["word_distance"] == 7
    assert [one["kind"] for one in facts["differences"]] == [
        "case", "spelling", "spacing", "punctuation", "added", "missing",
    ]  # fmt: skip
    assert facts["differences"][1] == {
        "kind": "spelling",
        "a": {"line": 1, "column": 11, "text": "eéclata"},
        "b": {"line": 1, "column": 11, "text": "éclata"},
        "letters": [["e", ""], ["éclata", "éclata"]],
        "moved_with": None,
    }


def test_moved_words_say_where_they_are_in_the_other_text(tmp_path: Path) -> None:
    moved, rest = "il y avait une fois un roi", "\n".join(f"ligne numéro {n} du texte" for n in range(9))
    one, other = (
        write(tmp_path / "a.txt", f"{moved}\n{rest}\n"),
        write(tmp_path / "b.txt", f"{rest}\n{moved}\n"),
    )
    run = compare("a.txt", "b.txt", cwd=tmp_path)
    assert run.out.splitlines()[3:8] == [
        "  1 [>il y avait une fois un           >",
        "  1 roi> line 10] ligne numéro 0 du …  >   1 ligne numéro 0 du …",
        "",
        " 10 … numéro 8 du texte                >   9 … numéro 8 du texte [>il y avait",
        "                                       >  10 une fois un roi> line 1]",
    ]
    assert "> moved 7" in run.out
    (first, second) = compare(one, other, "--json").objects[0]["facts"]["differences"]
    assert (first["moved_with"], second["moved_with"]) == (
        {"line": 10, "column": 1},
        {"line": 1, "column": 1},
    )
    page = tmp_path / "page.html"
    assert compare(one, other, "--html", page).code == 1
    assert "(line 10 of B)" in page.read_text(encoding="utf-8")


def test_a_share_is_whole_only_if_it_is_exactly_that() -> None:
    assert [percent(share) for share in (1, 0.9999, 0.5, 0.0001, 0)] == [
        "100.0 %", "more than 99.9 %", "50.0 %", "less than 0.1 %", "0.0 %",
    ]  # fmt: skip


def test_the_words_after_the_last_difference_are_cut(tmp_path: Path) -> None:
    one, other = (
        write(tmp_path / "a.txt", "x un deux trois quatre cinq"),
        write(tmp_path / "b.txt", "y un deux trois quatre cinq"),
    )
    assert "[-x-] un deux trois quatre …" in compare(one, other).said()


def test_options_leave_capitals_and_punctuation_out(texts: tuple[Path, Path]) -> None:
    run = compare(*texts, "--ignore-case", "--ignore-punctuation", "--json")
    kinds = {one["kind"] for one in run.objects[0]["facts"]["differences"]}
    assert kinds == {"spelling", "spacing", "added", "missing"}
    assert (
        "(line ends, capitals, punctuation ignored)"
        in compare(*texts, "--ignore-case", "--ignore-punctuation").said()
    )


def test_old_encodings_are_recognised_or_named(tmp_path: Path) -> None:
    one = write(tmp_path / "a.txt", "Été à Genève, où l'œuvre naît près du château.\n", "windows-1252")
    other = write(tmp_path / "b.txt", "Été à Genève, où l'œuvre naît près du château.\n", "utf-16")
    run = compare(one, other)
    assert run.code == 0
    assert "not UTF-8; read as windows-1252" in run.err
    assert "windows-1252)" in run.out
    for encoding in ("utf-16-le", "utf-16-be"):
        assert (
            compare(one, write(tmp_path / "c.txt", "Été à Genève", encoding), "--json").objects[0]["facts"][
                "b"
            ]["encoding"]
            == encoding
        )
    russian = write(tmp_path / "d.txt", "Вся власть советам\n", "koi8-r")
    named = compare(russian, write(tmp_path / "e.txt", "Вся власть советам\n"), "--encoding-a", "KOI8-R")
    assert (named.code, named.err) == (0, "")


def test_a_text_that_can_be_read_in_two_ways_is_said_to(tmp_path: Path) -> None:
    one = write(tmp_path / "a.txt", "Genève\n", "windows-1252")
    run = compare(one, write(tmp_path / "b.txt", "Genève\n"))
    assert run.code == 0
    assert "not UTF-8; read as windows-1252: “Genève”; in windows-1250 it would read “Genčve”" in " ".join(
        run.err.split()
    )


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"%PDF-1.4\n", (), "is not plain text: a PDF"),
        (bytes(range(128, 256)), (), "is not UTF-8, and no known encoding fits all its words"),
        (b"\xff\xfe\x00", (), "is not utf-16-le"),
        (b"caf\xe9", ("--encoding-a", "utf-8"), "is not utf-8"),
        (None, (), "the text cannot be read"),
    ],
)
def test_what_is_no_text_is_refused_with_a_hint(
    tmp_path: Path, data: bytes | None, options: tuple[str, ...], message: str
) -> None:
    one = tmp_path / "a.txt"
    if data is not None:
        one.write_bytes(data)
    run = compare(one, write(tmp_path / "b.txt", "un"), *options)
    assert run.code == 3
    assert message in run.err
    assert "hint:" in run.err


def test_an_unknown_encoding_and_texts_of_too_many_words_are_refused(
    texts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = compare(*texts, "--encoding-b", "klingon")
    assert (run.code, "--encoding-b: there is no character encoding “klingon”" in run.err) == (2, True)
    monkeypatch.setattr(operation, "MAX_WORDS", 5)
    run = compare(*texts)
    assert (run.code, "has 33 words; at most 5 are compared" in run.err) == (3, True)


def test_a_page_is_never_written_over_another_file_without_force(texts: tuple[Path, Path]) -> None:
    page = texts[0].with_name("page.html")
    assert "wrote " in compare(*texts, "--html", page).out
    assert "already exists" in compare(*texts, "--html", page).err
    run = compare(*texts, "--html", page, "--force", "--json")
    assert (run.code, len(run.objects)) == (1, 1)


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_shows_colours_within_its_width(texts: tuple[Path, Path], columns: int) -> None:
    names, folder = [text.name for text in texts], texts[0].parent
    terminal = Terminal("text", "compare", *names, columns=columns, cwd=folder, TERM="xterm", NO_COLOR="")
    assert terminal.end() == 1
    assert "\x1b[33m" in terminal.text
    assert "\x1b[32m" in terminal.text
    plain = Terminal("text", "compare", *names, columns=columns, cwd=folder, TERM="xterm", NO_COLOR="1")
    assert plain.end() == 1
    assert "\x1b[3" not in plain.text
    assert max(len(line) for line in plain.text.splitlines()) <= columns


def test_hostile_words_do_not_control_the_terminal(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "un \x1b[31mrouge\u202e deux")
    write(tmp_path / "b.txt", f"un rouge deux {'long' * 100}")
    run = compare("a.txt", "b.txt", cwd=tmp_path)
    assert "\x1b" not in run.out
    assert "\u202e" not in run.out
    assert max(map(len, run.out.splitlines())) <= 80


@settings(max_examples=examples(100), deadline=None)
@given(st.text("ab —é\n,"), st.text("ab —é\n,"), st.sampled_from([40, 80, 120]))
def test_any_two_texts_fit_the_screen_and_lose_no_word(one: str, other: str, width: int) -> None:
    found = compare_texts(one, other)
    places = list(differing_places(found))
    for parts in side_by_side(places, width, last_line=99):
        assert text_width("".join(part.text for part in parts)) <= width
    assert bool(places) is found.has_difference
    whole = list(places_by_line(found))
    for words, side in ((found.one, "one"), (found.other, "other")):
        assert [w for place in whole for piece in place.pieces for w in getattr(piece, side)] == list(words)
