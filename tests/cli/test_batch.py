"""`archtool batch`: many packages in one run, each as `pack` would make it; a rerun resumes."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from archtool.batch.journal.journal import JOURNAL_NAME
from archtool.files.lock import locked_folder
from batches import batch, endings, make_unlistable, write_letters
from command_line import DATE, archtool, assert_loc_agrees
from packages import ARCHIVIST, EXAMPLES, LETTER, pack, tree_bytes, write_allowed_signers, write_key

DONE, LEFT = ("done", 0), ("left", 0)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_batch_makes_the_packages_that_pack_makes_one_by_one(tmp_path: Path, jobs: str) -> None:
    source, output, key = tmp_path / "letters", tmp_path / "out", write_key(tmp_path)
    write_letters(source, "1932/may", "1932/june", "1933")
    seen = batch(source, output, "--sign", key, "--jobs", jobs)
    assert (seen.code, endings(seen)) == (0, {"1932/may": DONE, "1932/june": DONE, "1933": DONE})
    assert seen.err.startswith("3 jobs · 3 done · 0 failed · ")
    for name in ("1932/may", "1932/june", "1933"):
        alone = tmp_path / name.replace("/", "-")
        assert pack(source / name / "description.yaml", alone, "--sign", key).code == 0
        assert tree_bytes(output / name) == tree_bytes(alone)
        assert_loc_agrees(output / name)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", output / "1932/may", output / "1933", "--trust", trust, "--strict").code == 0


def test_descriptions_are_found_by_their_names(tmp_path: Path) -> None:
    source = tmp_path / "letters"
    source.mkdir()
    (source / "letter.txt").write_text("To the sections.\n")
    (source / "may.description.yaml").write_text(LETTER)
    (source / "notes.yaml").write_text("not: a description\n")
    (source / "description.txt").write_text("neither\n")
    seen = batch(source, tmp_path / "out", "--check")
    assert list(endings(seen)) == ["may"]
    named = batch(source, tmp_path / "out", "--check", "--match", "notes.*")
    assert endings(named) == {"notes": ("failed", 3)}
    (source / "README").write_text("no description\n")
    without_ending = batch(source, tmp_path / "out", "--check", "--match", "README")
    assert endings(without_ending) == {"README": ("failed", 3)}
    assert not (tmp_path / "out").exists()


def test_the_package_of_the_source_folder_itself_is_named_after_it(tmp_path: Path) -> None:
    write_letters(tmp_path, "letters")
    assert list(endings(batch(tmp_path / "letters", tmp_path / "out"))) == ["letters"]


def test_packages_among_the_sources_are_not_packed_again(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "may")
    assert batch(source, source / "packages").code == 0
    assert endings(batch(source, source / "packages")) == {"may": LEFT}


def test_a_package_never_replaces_sources(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "may", "letters/may", "june")
    before = tree_bytes(tmp_path)
    same = batch(source, source, "--existing", "replace")
    assert (same.code, "the packages would be written among their sources" in same.err) == (2, True)
    seen = batch(source, tmp_path, "--existing", "replace")
    assert endings(seen) == {"letters/may": ("failed", 3), "may": DONE, "june": DONE}
    assert {p: d for p, d in tree_bytes(tmp_path).items() if p in before} == before


def test_a_folder_without_descriptions_is_unusable_input(tmp_path: Path) -> None:
    nothing = batch(tmp_path, tmp_path / "out")
    assert (nothing.code, "there is no description in" in nothing.err) == (3, True)
    assert "give the file name pattern" in nothing.err
    missing = batch(tmp_path / "none", tmp_path / "out")
    assert (missing.code, "is not a folder" in missing.err) == (3, True)


def test_a_folder_that_cannot_be_searched_for_descriptions_is_a_failure(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "may"), tmp_path / "out"
    make_unlistable(source / "a")
    seen = batch(source, output)
    assert (seen.code, endings(seen)["may"]) == (6, DONE)
    (refused,) = [told for told in seen.objects if told["job"] != "may"]
    assert refused["message"] == "the folder cannot be listed: File name too long"
    shutil.rmtree(source)


def test_one_bad_description_does_not_prevent_packing_the_others(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "bad", "good"), tmp_path / "out"
    (source / "bad" / "description.yaml").write_text(LETTER.replace("language: en\n", "langage: en\n"))
    seen = batch(source, output)
    assert (seen.code, endings(seen)) == (6, {"bad": ("failed", 3), "good": DONE})
    (bad,) = [told for told in seen.objects if told["job"] == "bad"]
    assert [(f["code"], f["line"]) for f in bad["findings"]][:1] == [("description.unknown-key", 5)]
    assert bad["findings"][0]["file"].endswith("bad/description.yaml")
    assert not (output / "bad").exists()


def test_two_descriptions_of_one_package_are_both_refused(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "may", "other"), tmp_path / "out"
    (source / "may" / "description.json").write_text("{}")
    (source / "May.description.yaml").write_text(LETTER)
    write_letters(source / "other", "inner")
    seen = batch(source, output)
    assert (seen.code, endings(seen)["other"]) == (6, DONE)
    told = {(one["job"], one["message"]) for one in seen.objects if one["exit_code"] == 3}
    assert told == {
        ("may", "3 descriptions stand for the package may"),
        ("May", "3 descriptions stand for the package May"),
        ("other/inner", "its package would be inside the package other"),
    }


def test_a_rerun_does_what_is_left_and_what_has_changed(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b", "c", "d"), tmp_path / "out"
    assert batch(source, output).code == 0
    (source / "a" / "letter.txt").write_text("Another text.\n")
    (source / "b" / "description.yaml").write_text(LETTER.replace("Letter", "Another letter"))
    (source / "e").mkdir()
    write_letters(source, "f")
    before = tree_bytes(output / "d")
    seen = batch(source, output)
    assert endings(seen) == {"a": DONE, "b": DONE, "c": LEFT, "d": LEFT, "f": DONE}
    assert "2 left as they were" in seen.err
    assert (output / "a/data/letter.txt").read_text() == "Another text.\n"
    assert tree_bytes(output / "d") == before


def test_a_package_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    (output / "a").rename(tmp_path / "elsewhere")
    assert endings(batch(source, output)) == {"a": DONE}
    assert tree_bytes(output / "a") == tree_bytes(tmp_path / "elsewhere")


def test_a_failed_job_is_retried_on_request_or_when_its_inputs_change(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "bad"), tmp_path / "out"
    (source / "bad" / "letter.txt").unlink()
    assert endings(batch(source, output)) == {"bad": ("failed", 3)}
    again = batch(source, output)
    assert (again.code, endings(again)) == (6, {"bad": ("left", 3)})
    assert endings(batch(source, output, "--retry", "failed")) == {"bad": ("failed", 3)}
    (source / "bad" / "letter.txt").write_text("It was found.\n")
    assert endings(batch(source, output)) == {"bad": DONE}


@pytest.mark.parametrize(
    ("existing", "code", "ending", "is_kept"),
    [
        ("error", 6, ("failed", 2), True),
        ("skip", 0, LEFT, True),
        ("verify", 0, LEFT, True),
        ("replace", 0, DONE, False),
    ],
)
def test_a_package_from_elsewhere_is_treated_as_the_existing_option_says(
    tmp_path: Path, existing: str, code: int, ending: tuple[str, int], *, is_kept: bool
) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    output.mkdir()
    other = write_letters(tmp_path / "others", "other")
    assert pack(other / "other" / "description.yaml", output / "a").code == 0
    before = tree_bytes(output / "a")
    for _ in range(2):  # a second run does not treat the package as its own
        seen = batch(source, output, "--existing", existing)
        if is_kept:
            assert (seen.code, endings(seen)["a"][1], tree_bytes(output / "a")) == (code, ending[1], before)
    if not is_kept:
        assert (output / "a/data/letter.txt").read_text() == "To the sections: a.\n"


def test_a_damaged_package_from_elsewhere_is_a_failure(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    output.mkdir()
    assert pack(source / "a" / "description.yaml", output / "a").code == 0
    (output / "a/data/letter.txt").write_text("changed\n")
    seen = batch(source, output, "--existing", "verify")
    assert (seen.code, endings(seen)) == (6, {"a": ("left", 1)})
    assert [f["code"] for f in seen.objects[0]["findings"]] != []


def test_no_job_is_started_after_the_given_number_of_failures(tmp_path: Path) -> None:
    names = [f"{number:02}" for number in range(20)]
    source = write_letters(tmp_path / "letters", *names)
    for name in names[:5]:
        (source / name / "letter.txt").unlink()
    fast = batch(source, tmp_path / "fast", "--fail-fast", "--jobs", "1")
    assert (fast.code, endings(fast)) == (6, {"00": ("failed", 3)})
    assert "1 failed · 19 not begun" in fast.err
    three = batch(source, tmp_path / "three", "--max-failures", "3", "--jobs", "1")
    assert (three.code, len(three.objects)) == (6, 3)
    assert batch(source, tmp_path / "three").err.startswith("20 jobs · 15 done · 5 failed · ")


def test_batch_check_writes_nothing(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a", "b")
    (source / "b" / "letter.txt").unlink()
    seen = batch(source, tmp_path / "out", "--check")
    assert (seen.code, endings(seen)) == (6, {"a": DONE, "b": ("failed", 3)})
    assert not (tmp_path / "out").exists()


def test_two_runs_do_not_work_in_one_folder(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    output.mkdir()
    with locked_folder(output):
        seen = batch(source, output, "--wait", "0")
    assert (seen.code, "is locked by another run" in seen.err) == (5, True)
    assert f"(process {os.getpid()})" in seen.err
    assert list(output.iterdir()) == []


def test_all_packages_bear_the_date_of_the_first_run(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    write_letters(source, "b")
    assert archtool("batch", source, "-o", output).code == 0
    (told,) = archtool("show", output / "b", "--json").objects
    assert DATE[:10] in json.dumps(told)
    other = archtool("batch", source, "-o", output, "--date", "2027-01-01")
    assert (other.code, "was begun with the date 2026-11-22" in other.err) == (2, True)


def test_an_overwritten_journal_is_an_error(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    journal = output / JOURNAL_NAME
    journal.write_bytes(b"rubbish\n" + journal.read_bytes())
    seen = batch(source, output)
    assert (seen.code, "line 1: not a line of a batch journal" in seen.err) == (3, True)


def test_a_batch_packs_the_real_case_as_pack_does(tmp_path: Path) -> None:
    seen = batch(EXAMPLES, tmp_path / "out", "--match", "description.yaml")
    made = {name for name, (ending, _) in endings(seen).items() if ending == "done"}
    assert "rakovsky-1932" in made
    alone = tmp_path / "alone"
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", alone).code == 0
    assert tree_bytes(tmp_path / "out" / "rakovsky-1932") == tree_bytes(alone)


def test_a_complete_batch_can_be_checked_again(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "may", "june"), tmp_path / "out"
    assert batch(source, output).code == 0
    before = tree_bytes(tmp_path)
    assert endings(batch(source, output, "--check")) == {"may": DONE, "june": DONE}
    assert tree_bytes(tmp_path) == before


def test_packages_are_not_written_beside_a_description(tmp_path: Path) -> None:
    sources = write_letters(tmp_path / "letters", "a", "b")
    before = tree_bytes(sources)
    seen = batch(sources, sources / "a")
    assert (seen.code, "the packages would be written among their sources" in seen.err) == (2, True)
    assert tree_bytes(sources) == before
