"""Every command reports paths that are not packages, and skips by-products of archtool."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from batches import batch, write_letters
from command_line import archtool
from packages import make_package, write_key

COMMANDS = {
    "verify": [],
    "show": [],
    "cite": [],
    "diff": ["SAME"],
    "attest": ["--event", "validation", "--sign", "KEY"],
    "fetch": [],
    "timestamp": ["--command", "false"],
    "renew": ["--timestamp-command", "false"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reports_a_folder_that_is_not_a_bag_alike(tmp_path: Path, command: str) -> None:
    package = make_package(tmp_path)
    outer = tmp_path / "outer"
    outer.mkdir()
    shutil.move(package, outer / "letters")
    words = [str(write_key(tmp_path)) if word == "KEY" else word for word in COMMANDS[command]]
    words = [str(outer) if word == "SAME" else word for word in words]
    seen = archtool(command, outer, *words)
    assert (command, seen.code) == (command, 3)
    assert str(outer / "letters") in seen.said()


def test_the_error_for_a_folder_of_packages_names_the_packages(tmp_path: Path) -> None:
    batch(write_letters(tmp_path / "letters", "a", "b", "c", "d"), tmp_path / "out")
    seen = archtool("verify", tmp_path / "out")
    assert seen.code == 3
    assert "it contains 4 bags: a, b, c and 1 more" in seen.said()
    assert f"{tmp_path / 'out'}/*" in seen.said()


def test_the_error_for_a_part_of_a_bag_names_the_bag(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    seen = archtool("verify", package / "metadata")
    assert (seen.code, f"it is a part of the bag {package}" in seen.said()) == (3, True)


def test_verify_skips_what_archtool_puts_beside_packages(tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    batch(
        write_letters(tmp_path / "letters", "a", "b"), output,
        "--csv", output / "summary.csv", "--html", output / "summary.html",
    )  # fmt: skip
    key = write_key(tmp_path)
    sidecar = output / "a.attestations"
    attested = archtool("attest", output / "a", "--event", "validation", "--sign", key, "--sidecar", sidecar)
    assert attested.code == 0
    results = output / "results.jsonl"
    results.write_text(archtool("verify", output / "b", "--json").out)
    (output / ".archtool-0123456789abcdef-0123456789ab.partial").mkdir()
    paths = sorted(output.iterdir())
    assert len(paths) == 8
    seen = archtool("verify", *paths)
    assert seen.code == 0
    assert "2 bags ·" in seen.out
    assert seen.err.count("skipped ") == 6


def test_verify_of_by_products_only_is_an_error(tmp_path: Path) -> None:
    batch(write_letters(tmp_path / "letters", "a"), tmp_path / "out")
    seen = archtool("verify", tmp_path / "out" / "batch-journal.jsonl")
    assert (seen.code, "the journal of a batch" in seen.said()) == (3, True)


def test_a_bag_named_like_a_by_product_is_still_verified(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    for name in ("letters.attestations", "letters.csv"):
        package = package.rename(tmp_path / name)
        seen = archtool("verify", package)
        assert (seen.code, "1 bag ·" in seen.out) == (0, True)
