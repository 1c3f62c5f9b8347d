"""What `archtool batch` takes for descriptions in a folder, and what it says about the rest."""

from __future__ import annotations

from pathlib import Path

from batches import batch, batch_of, endings, make_unlistable, write_letters
from command_line import DATE, archtool

DONE = ("done", 0)


def test_a_finished_package_is_no_source_of_descriptions(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", "a", "b")
    assert batch(source, source / "packages").code == 0
    (source / "packages").rename(source / "old")
    seen = batch(source, tmp_path / "out")
    assert endings(seen) == {"a": DONE, "b": DONE}
    old = [str(source / "old" / name) for name in "ab"]
    assert f"archtool: note: 2 packages were not searched for descriptions: {', '.join(old)}\n" in seen.err


def test_the_note_about_packages_names_some_of_them(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", *"abcde")
    assert batch(source, source / "old").code == 0
    seen = batch(source, tmp_path / "out")
    assert "note: 5 packages were not searched for descriptions: " in seen.err
    assert f"{source / 'old' / 'c'} …\n" in seen.err


def test_a_batch_in_the_working_folder_can_be_run_with_another_output(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", "a")
    for output in ("out", "other"):
        seen = archtool("batch", ".", "-o", output, "--date", DATE, "--jobs", "1", cwd=source)
        assert endings(seen) == {"a": DONE}


def test_a_folder_of_packages_only_is_no_collection_of_descriptions(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", "a")
    assert batch(source, tmp_path / "out").code == 0
    seen = batch(tmp_path / "out", tmp_path / "again")
    assert seen.code == 3
    assert "(1 package was not searched for descriptions: " in seen.err
    assert (
        "hint: name the folder of the descriptions; to check packages, run the batch with --verb verify"
        in (seen.err)
    )


def test_an_unfinished_package_is_no_source_of_descriptions(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", "a", ".archtool-0123456789abcdef-x.partial")
    assert endings(batch(source, tmp_path / "out")) == {"a": DONE}


def test_a_folder_that_cannot_be_listed_has_a_hint_about_access(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", "a")
    make_unlistable(source / "deep")
    (refused,) = [job for job in batch(source, tmp_path / "out").objects if job["exit_code"]]
    assert refused["message"].startswith("the folder cannot be listed: ")
    assert refused["hint"].startswith("give yourself access to the folder, or move it elsewhere")


def test_two_descriptions_of_one_package_have_a_hint_about_names(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "collection", "a")
    (source / "a.description.yaml").write_text("archtool: 1\n")
    hints = {job["hint"] for job in batch(source, tmp_path / "out").objects}
    assert hints == {"rename the descriptions, or the folders that contain them"}


def test_a_lost_package_has_a_hint_about_another_copy(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "collection", "a", "b"), tmp_path / "out"
    assert batch(source, output).code == 0
    (output / "a").rename(tmp_path / "a")
    (lost,) = [job for job in batch_of("verify", output, tmp_path / "log").objects if job["exit_code"]]
    assert (lost["job"], lost["hint"].partition(",")[0]) == ("a", "restore the package from another copy")
