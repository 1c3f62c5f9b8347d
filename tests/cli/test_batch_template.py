"""`archtool batch template`: tables that can be packed as they are, and never overwrite a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from batches import batch, endings
from command_line import Run, archtool
from packages import tree_bytes


def template(folder: Path, form: str) -> Run:
    return archtool("batch", "template", "-o", folder, "--format", form)


def annexes_option(folder: Path, form: str) -> list[str | Path]:
    return [] if form == "xlsx" else ["--annexes", folder / f"annexes.{form}"]


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx"])
def test_the_template_can_be_packed_as_it_is(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "template"
    written = template(folder, form)
    assert written.code == 0
    told = {Path(line.removeprefix("wrote ")) for line in written.out.splitlines()}
    assert told == {path for path in folder.rglob("*") if path.is_file()}
    options = [*annexes_option(folder, form), "--defaults", folder / "defaults.yaml", "--strict"]
    made = batch(folder / f"packages.{form}", tmp_path / "out", *options)
    assert endings(made) == {"letters/0001": ("done", 0)}
    assert archtool("verify", tmp_path / "out" / "letters" / "0001", "--strict").code == 0


def test_the_three_templates_make_one_package(tmp_path: Path) -> None:
    made = []
    for form in ("csv", "tsv", "xlsx"):
        folder = tmp_path / form
        assert template(folder, form).code == 0
        options = [*annexes_option(folder, form), "--defaults", folder / "defaults.yaml"]
        assert batch(folder / f"packages.{form}", tmp_path / f"out-{form}", *options).code == 0
        made.append(tree_bytes(tmp_path / f"out-{form}" / "letters"))
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("name", ["packages.csv", "annexes.csv", "defaults.yaml", "0001/letter.txt"])
def test_a_template_never_overwrites_a_file(tmp_path: Path, name: str) -> None:
    there = tmp_path / name
    there.parent.mkdir(exist_ok=True)
    there.write_text("mine")
    seen = template(tmp_path, "csv")
    assert (seen.code, "already; nothing was written" in seen.said()) == (2, True)
    assert tree_bytes(tmp_path) == {name: b"mine"}


def test_a_template_never_overwrites_a_broken_link(tmp_path: Path) -> None:
    (tmp_path / "annexes.csv").symlink_to(tmp_path / "none")
    assert template(tmp_path, "csv").code == 2
    assert not (tmp_path / "packages.csv").exists()


def test_a_template_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    seen = template(tmp_path / "file" / "folder", "csv")
    assert (seen.code, "cannot write" in seen.err) == (5, True)


def test_the_printed_command_can_be_run(tmp_path: Path) -> None:
    seen = archtool("batch", "template", "-o", "my letters", cwd=tmp_path)
    assert seen.err.splitlines()[1].split() == [
        "archtool", "batch", "'my", "letters/packages.csv'", "--annexes", "'my", "letters/annexes.csv'",
        "--defaults", "'my", "letters/defaults.yaml'", "-o", "packages", "--check",
    ]  # fmt: skip


def test_a_source_folder_named_template_is_given_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "template").mkdir()
    seen = archtool("batch", "./template", "-o", "out", cwd=tmp_path)
    assert (seen.code, "there is no description in" in seen.err) == (3, True)
    assert "Usage: archtool batch template" in archtool("batch", "template", "--help").out
    wrong = archtool("batch", "template")
    assert (wrong.code, "see: archtool batch template --help" in wrong.said()) == (2, True)
