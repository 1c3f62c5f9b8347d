"""`archtool text repair`: previews, repaired copies with their change logs, and answers of a person."""

from __future__ import annotations

import errno
import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

from archtool.files.writing import atomic_rename
from archtool.operations.text_repair import write_copy as writing
from archtool.text.repairing.change_log import replay
from archtool.text.repairing.change_log_file import parse_change_log
from command_line import ARCHTOOL, DATE, Run, archtool, unmeasured
from packages import REPOSITORY, left_behind
from terminals import Terminal
from text_repairs import DAMAGED, RIGHT, write_damaged


def repair(folder: Path, *options: str | Path, name: str = "boulangers.txt") -> Run:
    return archtool("text", "repair", name, "--language", "fr", "--date", DATE, *options, cwd=folder)


def answer(review: Path, *answers: str) -> None:
    header, *rows = review.read_text(encoding="utf-8").splitlines()
    rows = [f"{given}{row}" for given, row in zip(answers, rows, strict=True)]
    review.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_preview_shows_the_changes_by_rule_and_writes_nothing(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    done = repair(tmp_path)
    assert done.code == 0
    assert "boulangers.txt: a preview; nothing was written" in done.out
    assert re.search(r"accents/1: \d+ changes\n {5}3  a farine est \[-cheàre-\]\{\+chère\+\}, et", done.out)
    assert " prévenu :[-L-]\n" in done.out
    assert "--all shows all changes" in done.out
    assert re.search(r"open: 1 place .*\n  8:\d\d  …et les sacs des boulan-\[-⏎⏎2⏎-\]", done.out)
    assert "      1  “boulan-”   a page number, removed: 2 stands alone inside a sentence" in done.out
    assert "      2  “boulan-⏎⏎2⏎”   the number of a part of the text, kept;" in done.out
    assert re.search(
        r"\n\d+ changes \(accents/1 \d+, drop-capitals/1 2, spacing/1 \d+\), 1 open place\n", done.out
    )
    assert "-o boulangers.repaired.txt --apply\n" in done.out
    assert "--review review.tsv\n" in done.out
    assert max(map(len, done.out.splitlines()[:-4])) <= 80
    assert names_in(tmp_path) == ["boulangers.txt"]


def test_all_changes_are_shown_on_request(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    done = repair(tmp_path, "--all")
    assert "--all shows" not in done.out
    assert done.out.count("{+récolte+}") == 2


def test_a_person_sees_no_more_places_than_they_can_answer(tmp_path: Path) -> None:
    write_damaged(tmp_path, "avant\x1egarde\n" * 25)
    assert "  … 5 more; --all shows them\n" in repair(tmp_path).out
    assert "more; --all" not in repair(tmp_path, "--all").out
    asked = repair(tmp_path, "--review", "review.tsv")
    rows = len((tmp_path / "review.tsv").read_text(encoding="utf-8").splitlines()) - 1
    assert rows < 10, "places with the same surroundings share a question"
    assert f"{rows} questions in review.tsv" in asked.out
    answer(tmp_path / "review.tsv", *["3"] * rows)
    assert "25 changes (characters/1 25), no open place" in repair(tmp_path, "--review", "review.tsv").out


def test_a_terminal_shows_changes_in_colours_unless_they_are_not_wanted(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    for variables, expected in (
        ({"NO_COLOR": ""}, "\x1b[31mcheàre\x1b[0m\x1b[32mchère"),
        ({"NO_COLOR": "1"}, "[-cheàre-]"),
    ):
        screen = Terminal(
            "text", "repair", "boulangers.txt", columns=120, cwd=tmp_path, TERM="xterm", **variables
        )
        screen.wait_for("accents/1")
        assert screen.end() == 0
        assert expected in screen.text


def test_the_copy_and_its_log_are_written_and_undone(tmp_path: Path) -> None:
    source = write_damaged(tmp_path)
    done = repair(tmp_path, "-o", "copy.txt", "--apply")
    assert done.code == 0
    assert "wrote copy.txt and copy.txt.changes.tsv" in done.out
    log = parse_change_log((tmp_path / "copy.txt.changes.tsv").read_bytes())
    assert replay(log, source.read_bytes()) == (tmp_path / "copy.txt").read_bytes()
    assert (log.open_places, log.language, log.date.isoformat()) == (1, "fr", "2026-11-22T12:00:00+00:00")
    undone = archtool(
        "text", "repair", "copy.txt", "--undo", "copy.txt.changes.tsv", "-o", "back.txt", cwd=tmp_path
    )
    assert undone.code == 0
    assert undone.out == (
        f"copy.txt: {log.change_count} changes undone\n"
        "wrote back.txt, which is boulangers.txt byte for byte\n"
    )
    assert (tmp_path / "back.txt").read_bytes() == source.read_bytes()


def test_answers_are_asked_once_and_repeated(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    asked = repair(tmp_path, "--review", "review.tsv")
    assert (
        "1 question in review.tsv: write 1, 2, keep, or = and the right words into its first column"
        in asked.said()
    )
    answer(tmp_path / "review.tsv", "1")
    written = (tmp_path / "review.tsv").read_bytes()
    options = ("--review", "review.tsv", "--reviewer", "Ruth Scribe", "-o", "copy.txt", "--apply")
    done = repair(tmp_path, *options, "--strict")
    assert done.code == 0
    assert (tmp_path / "copy.txt").read_text(encoding="utf-8") == RIGHT
    assert "line numbers in the copy, compared with boulangers.txt: from line 12 on lower by 3" in done.said()
    assert (tmp_path / "review.tsv").read_bytes() == written
    log = (tmp_path / "copy.txt.changes.tsv").read_text(encoding="utf-8")
    assert "# reviewer: Ruth Scribe\n" in log
    assert "\tdecided by a person: 1\n" in log
    again = repair(tmp_path, *options, "--force")
    assert again.code == 0
    assert (tmp_path / "copy.txt.changes.tsv").read_text(encoding="utf-8") == log


def test_open_places_are_problems_with_strict_only(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    assert repair(tmp_path, "-o", "copy.txt", "--apply").code == 0
    assert repair(tmp_path, "--strict").code == 1


def test_an_answer_that_fits_nothing_is_reported_and_kept(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    repair(tmp_path, "--review", "review.tsv")
    answer(tmp_path / "review.tsv", "=\\n")
    write_damaged(tmp_path, DAMAGED.replace("\n2\n\n", ""))
    done = repair(tmp_path, "--review", "review.tsv")
    assert re.search(r"the answer '=\\\\n' to the place in line 8:\d\d \(pages/1\) is not used", done.said())
    assert "text-repair.answer-unused" in done.err
    assert "=\\n\t" in (tmp_path / "review.tsv").read_text(encoding="utf-8")


def test_a_repaired_text_needs_no_repair(tmp_path: Path) -> None:
    write_damaged(tmp_path, RIGHT)
    done = repair(tmp_path, "-o", "copy.txt", "--apply", "--review", "review.tsv")
    assert done.out == "boulangers.txt: nothing to repair\n"
    assert names_in(tmp_path) == ["boulangers.txt"]


def test_a_repaired_copy_is_better_repaired_from_its_original(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    repair(tmp_path, "-o", "copy.txt", "--apply", "--rules", "accents/1")
    done = repair(tmp_path, name="copy.txt")
    assert "text-repair.already-repaired" in done.err
    (tmp_path / "copy.txt.changes.tsv").write_text("no log\n")
    assert repair(tmp_path, name="copy.txt").err == ""


def test_json_has_every_change_and_every_question(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    done = repair(tmp_path, "--json", "--review", "review.tsv", "--wordlist", "boulangers.txt")
    (result,) = done.objects
    assert result["schema"] == "archtool/text-repair/1"
    facts = result["facts"]
    assert facts["counts"]["changes"] == len(facts["changes"]) > 60
    assert facts["changes"][0] | {"evidence": ""} == {
        "rule": "accents/1", "offset": 45, "line": 3, "before": "eà", "after": "è", "evidence": "",
    }  # fmt: skip
    assert facts["open"][0]["readings"][0]["after"] == ""
    assert (facts["review"], facts["applied"]) == ("review.tsv", False)
    assert facts["word_lists"][0]["name"] == "boulangers.txt"
    assert done.codes == ["text-repair.place-undecided"]


def test_undoing_prints_one_object_with_json(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    repair(tmp_path, "-o", "copy.txt", "--apply")
    done = archtool(
        "text", "repair", "copy.txt", "--undo", "copy.txt.changes.tsv", "-o", "b", "--json", cwd=tmp_path
    )
    assert json.loads(done.out)["facts"]["undone"] > 60


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp1252"])
def test_a_text_in_another_encoding_becomes_utf_8_and_is_restored(tmp_path: Path, encoding: str) -> None:
    source = write_damaged(tmp_path, DAMAGED, encoding)
    assert repair(tmp_path, "-o", "copy.txt", "--apply", "--encoding", encoding).code == 0
    assert "chère" in (tmp_path / "copy.txt").read_text(encoding="utf-8")
    archtool("text", "repair", "copy.txt", "--undo", "copy.txt.changes.tsv", "-o", "back.txt", cwd=tmp_path)
    assert (tmp_path / "back.txt").read_bytes() == source.read_bytes()


def test_the_byte_order_mark_tells_the_encoding(tmp_path: Path) -> None:
    write_damaged(tmp_path, DAMAGED, "utf-16")
    (result,) = repair(tmp_path, "--json").objects
    assert result["facts"]["encoding"] == "utf-16-le"
    assert result["facts"]["changes"][0]["rule"] == "characters/1"


def test_chosen_rule_sets_are_applied_in_their_order_and_recorded(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    (result,) = repair(tmp_path, "--json", "--rules", "spacing/1,mojibake/1", "--rules", "accents/1").objects
    assert list(result["facts"]["counts"]["by_rule"]) == ["mojibake/1", "accents/1", "spacing/1"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--rules", "acents/1"), 2, "there is no rule set 'acents/1'|did you mean `accents/1`?"),
        (("--rules", "accents"), 2, "did you mean `accents/1`?"),
        (("--rules", "xyz"), 2, "there are: mojibake/1, "),
        (("--apply",), 2, "--apply requires -o COPY"),
        (("--reviewer", "Ruth"), 2, "--reviewer names who answered a review file"),
        (("--language", "français!"), 2, "not a language tag"),
        (("-o", "boulangers.txt"), 2, "-o names the text itself, which is never changed"),
        (("--review", "./boulangers.txt"), 2, "--review names the text itself"),
        (("-o", "a.tsv", "--review", "./a.tsv"), 2, "-o and --review name the same file"),
        (("-o", "a", "--review", "a.changes.tsv", "--apply"), 2, "--review names the change log of the copy"),
        (("--rules", " , "), 2, "--rules names no rule set"),
        (("-o", "taken.txt", "--apply"), 2, "the file already exists: taken.txt"),
        (("-o", "gone/copy.txt", "--apply"), 3, "there is no folder gone"),
        (("--encoding", "klingon"), 2, "there is no character encoding “klingon”"),
        (("--encoding", "ascii"), 3, "the text is not ascii|--encoding windows-1252"),
        (("--review", "taken.txt"), 3, "taken.txt is not a review file"),
        (("--wordlist", "gone.dic"), 3, "gone.dic"),
        (("--undo", "a.tsv", "--apply", "-o", "b"), 2, "--apply has no meaning with --undo"),
        (("--undo", "a.tsv"), 2, "--undo requires -o ORIGINAL"),
        (("--undo", "taken.txt", "-o", "taken.txt", "--force"), 2, "-o names the copy or its log"),
        (("--undo", "taken.txt", "-o", "back.txt"), 3, "taken.txt: line 1 of the change log"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused(
    tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    write_damaged(tmp_path)
    (tmp_path / "taken.txt").write_text("taken\n")
    given = () if "--undo" in options else ("--language", "fr") if "--language" not in options else ()
    done = archtool("text", "repair", "boulangers.txt", *given, *options, cwd=tmp_path)
    assert done.code == code
    for one in words.split("|"):
        assert one in done.said()
    assert names_in(tmp_path) == ["boulangers.txt", "taken.txt"]


def test_a_copy_that_was_edited_cannot_be_undone(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    repair(tmp_path, "-o", "copy.txt", "--apply")
    (tmp_path / "copy.txt").write_text("edited", encoding="utf-8")
    done = archtool(
        "text", "repair", "copy.txt", "--undo", "copy.txt.changes.tsv", "-o", "back.txt", cwd=tmp_path
    )
    assert done.code == 3
    assert "not the copy of the change log: it has 6 bytes" in done.said()
    assert not (tmp_path / "back.txt").exists()


def test_a_text_that_needs_more_changes_than_a_log_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_damaged(tmp_path)
    monkeypatch.setattr("archtool.operations.text_repair.repair_file.MAX_CHANGES", 10)
    done = repair(tmp_path)
    assert done.code == 3
    assert "changes; a change log has at most 10" in done.said()


def test_existing_files_are_replaced_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_damaged(tmp_path)
    for name in ("copy.txt", "copy.txt.changes.tsv"):
        (tmp_path / name).write_text("old")
    exchange = atomic_rename.exchange

    def fail_for_copy(source: Path, target: Path) -> None:
        if target.name == "copy.txt":
            raise OSError(errno.EIO, "Input/output error")
        exchange(source, target)

    monkeypatch.setattr(atomic_rename, "exchange", fail_for_copy)
    assert repair(tmp_path, "-o", "copy.txt", "--apply", "--force").code == 5
    assert (tmp_path / "copy.txt").read_text() == (tmp_path / "copy.txt.changes.tsv").read_text() == "old"
    monkeypatch.undo()
    assert repair(tmp_path, "-o", "copy.txt", "--apply", "--force").code == 0
    assert "chère" in (tmp_path / "copy.txt").read_text(encoding="utf-8")
    assert left_behind(tmp_path) == []


def test_a_copy_that_cannot_be_placed_leaves_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_damaged(tmp_path)
    rename = atomic_rename.rename_to_new

    def fail_for_copy(source: Path, target: Path) -> None:
        if target.name == "copy.txt":
            raise OSError(errno.EIO, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(atomic_rename, "rename_to_new", fail_for_copy)
    done = repair(tmp_path, "-o", "copy.txt", "--apply")
    assert done.code == 5
    assert "cannot write copy.txt" in done.said()
    assert names_in(tmp_path) == ["boulangers.txt"]


def test_a_copy_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_damaged(tmp_path)

    def appear(_folder: Path) -> None:
        (tmp_path / "copy.txt").write_text("another run")

    monkeypatch.setattr(writing, "flush_folder", appear)
    done = repair(tmp_path, "-o", "copy.txt", "--apply")
    assert done.code == 5
    assert "copy.txt appeared while the text was being repaired" in done.said()
    assert names_in(tmp_path) == ["boulangers.txt", "copy.txt"]


def test_a_copy_that_the_disk_does_not_confirm_is_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_damaged(tmp_path)

    def refuse(_path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(writing, "flush", refuse)
    done = repair(tmp_path, "-o", "copy.txt", "--apply")
    assert done.code == 5
    assert "is in place, but may not be on the disk yet" in done.said()
    assert names_in(tmp_path) == ["boulangers.txt", "copy.txt", "copy.txt.changes.tsv"]


_KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from archtool.files.writing import atomic_rename
rename = atomic_rename.rename_to_new
def kill_at_copy(source, target):
    if target.name == "copy.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    rename(source, target)
atomic_rename.rename_to_new = kill_at_copy
from archtool.cli.main import run
run(sys.argv[1:])
"""


def test_a_killed_run_leaves_nothing_that_the_next_one_stumbles_over(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    arguments = ["text", "repair", "boulangers.txt", "-o", "copy.txt", "--apply", "--date", DATE]
    killed = subprocess.run(
        [ARCHTOOL[0], "-c", _KILLED_BETWEEN, *arguments],
        cwd=tmp_path,
        env=unmeasured() | {"PYTHONPATH": str(REPOSITORY)},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL
    assert "copy.txt.changes.tsv" in names_in(tmp_path)
    assert archtool(*arguments, cwd=tmp_path).code == 0
    assert names_in(tmp_path) == ["boulangers.txt", "copy.txt", "copy.txt.changes.tsv"]


def test_a_log_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    (tmp_path / "copy.txt.changes.tsv").mkdir()
    assert "a folder, not a file" in repair(tmp_path, "-o", "copy.txt", "--apply").said()


def test_a_log_of_another_program_is_never_removed(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    (tmp_path / "copy.txt.changes.tsv").write_text("mine")
    assert repair(tmp_path, "-o", "copy.txt", "--apply").code == 2
    assert (tmp_path / "copy.txt.changes.tsv").read_text() == "mine"


def test_a_preview_without_a_language_asks_for_it(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    without = archtool("text", "repair", "boulangers.txt", cwd=tmp_path)
    assert "fewer places stay open if the language is given, such as: --language fr" in without.said()
    assert "if the language is given" not in repair(tmp_path).said()


def test_an_open_blank_is_shown_as_words_with_what_speaks_for_each(tmp_path: Path) -> None:
    text = (
        "La seéance est ouverte aà neuf heures, et le secreé taire lit une lettre.\n"
        "Il a eé teé deécideé que la proprieé teé des preés reste aux fermiers deéjaà eé tablis.\n"
        "Le maire deésire que la reé forme des eécoles soit faite, et la fêete aussi.\n"
    )
    write_damaged(tmp_path, text)
    done = repair(tmp_path, "--rules", "accents/1", "--review", "review.tsv")
    assert re.search(r"“[^”]*réforme”   ", done.out)
    assert re.search(r"“[^”]*ré forme”   ", done.out)
    rows = (tmp_path / "review.tsv").read_text(encoding="utf-8").splitlines()
    (row,) = (row for row in rows if "“réforme”" in row)
    assert "“ré forme”" in row
    assert "ré⟦ ⟧forme des écoles" in row  # what is certain in the line is shown repaired
    shifted = row.replace("\t", "=réforme\t", 1)
    (tmp_path / "review.tsv").write_text(f"{rows[0]}\n{shifted}\n", encoding="utf-8")
    repair(tmp_path, "--rules", "accents/1", "--review", "review.tsv", "-o", "copy.txt", "--apply")
    assert "la réforme des écoles" in (tmp_path / "copy.txt").read_text(encoding="utf-8")


def test_a_copy_that_does_not_fit_its_log_is_named(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    repair(tmp_path, "-o", "copy.txt", "--apply")
    with (tmp_path / "copy.txt").open("a", encoding="utf-8") as copy:
        copy.write("zu\n")
    undone = archtool(
        "text", "repair", "copy.txt", "--undo", "copy.txt.changes.tsv", "-o", "back.txt", cwd=tmp_path
    )
    assert re.search(
        r"copy\.txt: not the copy of the change log: it has [\d,]+ bytes, and the", undone.said()
    )


def test_missing_o_is_answered_with_a_name(tmp_path: Path) -> None:
    write_damaged(tmp_path)
    assert "for instance: -o boulangers.repaired.txt" in repair(tmp_path, "--apply").said()
    french = archtool("text", "repair", "boulangers.txt", "--language", "french", cwd=tmp_path)
    assert "not a language tag: 'french'" in french.said()
