"""`archtool batch --check` finds what would fail in the real run, and writes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from batches import batch, batch_of, endings, write_letters
from command_line import DATE, Run, archtool
from packages import LETTER, make_package, tree_bytes, write_key

Prepare = Callable[[Path], object]


def unchanged_check(source: Path, output: Path, *options: str | Path) -> Run:
    """Check a batch; nothing on the disk may change."""
    before = tree_bytes(source.parent)
    checked = batch(source, output, "--check", *options)
    assert tree_bytes(source.parent) == before
    return checked


def told(run: Run) -> dict[str, object]:
    """Return exit code, message and the codes of the findings of each failed job."""
    return {
        job["job"]: (job["exit_code"], [finding["code"] for finding in job["findings"]], job["message"])
        for job in run.objects
        if job["exit_code"]
    }


def rewrite(text: str) -> Prepare:
    return lambda root: (root / "letters/b/description.yaml").write_text(text)


def write_over(data: bytes) -> Prepare:
    return lambda root: (root / "letters/b/letter.txt").write_bytes(data)


def make_foreign_package(root: Path) -> None:
    (root / "out").mkdir()
    make_package(root / "out").rename(root / "out/b")


FAULTS: dict[str, Prepare] = {
    "a date that is none": rewrite(LETTER.replace("1932-05", "May")),
    "a description that is no YAML": rewrite("archtool: [1"),
    "a file that is missing": lambda root: (root / "letters/b/letter.txt").unlink(),
    "a file that is a link": lambda root: (
        (root / "letters/b/letter.txt").rename(root / "elsewhere"),
        (root / "letters/b/letter.txt").symlink_to(root / "elsewhere"),
    ),
    "a file that is not declared": lambda root: (root / "letters/b/notes.txt").write_text("x"),
    "a text that is not UTF-8": write_over("À tous".encode("cp1252")),
    "a text that is an image": write_over(b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "lines that the text lacks": rewrite(
        f"{LETTER}annexes:\n"
        "  - { title: T, status: reproduced, within: { file: letter.txt, from-line: 99 } }\n"
    ),
    "two descriptions of one package": lambda root: (root / "letters/b.description.yaml").write_text(LETTER),
    "a foreign package at the target": make_foreign_package,
    "a file in place of the package's folder": lambda root: (
        write_letters(root / "letters", "c/d"),
        (root / "out").mkdir(),
        (root / "out/c").write_text("x"),
    ),
    "a tag file that verify would not read": rewrite(
        LETTER.replace('"Cahiers, no 3 (1979), pp. 12-14."', f'"{"Cahiers " * 600_000}"')
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_check_finds_what_the_run_finds(fault: str, tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    FAULTS[fault](tmp_path)
    checked = unchanged_check(source, output)
    made = batch(source, output)
    assert (checked.code, told(checked)) == (made.code, told(made))
    assert made.code == 6
    assert endings(made)["a"] == endings(checked)["a"] == ("done", 0)


@pytest.mark.parametrize("existing", ["skip", "verify", "replace", "error"])
def test_a_check_treats_an_existing_package_as_the_run_does(existing: str, tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    make_foreign_package(tmp_path)
    checked = unchanged_check(source, output, "--existing", existing)
    made = batch(source, output, "--existing", existing)
    assert endings(checked) == endings(made)


def test_a_check_knows_the_packages_that_the_batch_made(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    write_letters(source, "b")
    assert endings(unchanged_check(source, output)) == {"a": ("done", 0), "b": ("done", 0)}
    (output / "a/attestations").mkdir()
    (output / "a/attestations/0002-countersignature").mkdir()
    (output / "a/attestations/0002-countersignature/statement.json").write_text("{}")
    (source / "a/letter.txt").write_text("To all sections.\n")
    checked = unchanged_check(source, output)
    assert told(checked) == told(batch(source, output))
    assert checked.code == 6


def test_a_check_of_a_strict_run_counts_warnings(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    (source / "a/description.yaml").write_text(
        LETTER.replace("rights: { original: UND, package: CC0-1.0 }\n", "")
    )
    assert unchanged_check(source, tmp_path / "out").code == 0
    checked = unchanged_check(source, tmp_path / "out", "--strict")
    assert told(checked) == told(batch(source, tmp_path / "out", "--strict"))
    assert checked.code == 6


def test_a_check_refuses_a_folder_that_belongs_to_another_batch(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    assert batch_of("verify", output, tmp_path / "log").code == 0
    for arguments in (
        ("batch", source, "-o", tmp_path / "log"),
        ("batch", source, "-o", output, "--date", "2020-01-01"),
        ("batch", source, "-o", output / "a"),
        ("batch", source, "-o", source / "a" / "letter.txt"),
    ):
        made, checked = archtool(*arguments), archtool(*arguments, "--check")
        assert (checked.code, checked.out) == (made.code, "")
        assert checked.code != 0


def test_a_check_signs_as_the_run_does_and_keeps_no_signature(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    key = write_key(tmp_path)
    checked = unchanged_check(source, output, "--sign", key)
    (job,) = checked.objects
    assert "attestations/0001-packaging/sha512sums.txt.archivist.sig" in job["facts"]["tag_files"]
    assert job["facts"]["head"] is None
    assert (
        batch(source, output, "--sign", key).objects[0]["facts"]["head"].startswith("0001-packaging sha512:")
    )


@pytest.mark.skipif(os.getuid() != 0, reason="becomes another user")
@pytest.mark.parametrize("closed", ["letters/b/letter.txt", "letters/b", "out"])
def test_a_check_finds_what_this_user_cannot_read_or_write(closed: str, tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a", "b"), tmp_path / "out"
    output.mkdir(mode=0o777)
    output.chmod(0o777)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    archtool("batch", source, "-o", output, "--check", "--date", DATE)  # imports what only root can read here
    (tmp_path / closed).chmod(0o500 if closed == "out" else 0)
    os.seteuid(65534)
    try:
        checked = batch(source, output, "--check")
        made = batch(source, output)
    finally:
        os.seteuid(0)
    assert (checked.code, told(checked)) == (made.code, told(made))
    assert checked.code == (5 if closed == "out" else 6)


def test_a_dry_run_of_one_package_finds_what_packing_finds(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    (source / "a/letter.txt").write_bytes("À tous".encode("cp1252"))
    made = archtool("pack", source / "a/description.yaml", "-o", tmp_path / "package")
    dry = archtool("pack", source / "a/description.yaml", "-o", tmp_path / "package", "--dry-run")
    assert (dry.code, dry.err) == (made.code, made.err)
    assert "payload.encoding" in dry.err
    missing = tmp_path / "none" / "package"
    write_letters(source, "b")
    made = archtool("pack", source / "b/description.yaml", "-o", missing)
    dry = archtool("pack", source / "b/description.yaml", "-o", missing, "--dry-run")
    assert (dry.code, dry.err) == (made.code, made.err)
    assert dry.code == 5
