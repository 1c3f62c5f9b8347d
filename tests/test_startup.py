"""What a small command imports: each module costs time in every run of every script."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

from batches import write_letters
from unit.bag.bag_builders import bag_files, with_tag_manifest, write_bag

_REPORT = """
import json, sys
before, told_in = set(sys.modules), sys.argv[2]
sys.argv = ["archtool", *json.loads(sys.argv[1])]
from archtool.cli.entry import run
try:
    run()
except SystemExit as ended:
    assert not ended.code, ended.code
with open(told_in, "w", encoding="utf-8") as report:
    json.dump(sorted(set(sys.modules) - before), report)
"""
FOR_THE_VERSION = {"archtool", "archtool.cli", "archtool.cli.entry", "archtool.cli.screen"}
FOR_A_PLAIN_BAG = FOR_THE_VERSION | {
    "archtool.bag", "archtool.bag.limits", "archtool.bag.ordinary", "archtool.bag.plain",
    "archtool.bag.plain_proof", "archtool.bag.root_names",
    "archtool.cli.boundary", "archtool.cli.config_place", "archtool.cli.interrupts", "archtool.cli.job_bar",
    "archtool.cli.outfit", "archtool.cli.verify_plainly", "archtool.cli.verifying", "archtool.errors",
    "archtool.fixity", "archtool.fixity.ahead", "archtool.fixity.digests", "archtool.fixity.effort",
    "archtool.fixity.filekinds",
    "archtool.fixity.listed", "archtool.fixity.paths", "archtool.fixity.root_name",
    "archtool.fixity.small_files", "archtool.fixity.source", "archtool.fixity.trail", "archtool.fixity.tree",
    "archtool.operations", "archtool.operations.alone", "archtool.operations.opening",
    "archtool.operations.ordinary_bag", "archtool.operations.places", "archtool.operations.quick",
    "archtool.operations.side_by_side", "archtool.operations.steady_look",
    "archtool.operations.verify_named", "archtool.progress",
    "archtool.report", "archtool.report.sizes", "archtool.report.verify_text",
}  # fmt: skip
HEAVY = {
    "argparse", "asyncio", "bagit", "click", "concurrent.futures", "cryptography", "dask", "dataclasses",
    "datetime", "inspect", "jsonschema", "lxml", "multiprocessing", "pathlib", "pickle", "rich", "selectors",
    "subprocess", "traceback", "xml", "yaml",
}  # fmt: skip


def imported_by(*arguments: str, stderr: int = subprocess.PIPE) -> set[str]:
    with tempfile.NamedTemporaryFile() as report:
        command = [sys.executable, "-c", _REPORT, json.dumps(arguments), report.name]
        subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, check=True)
        return set(json.load(report))


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "archtool"}


def others(modules: set[str]) -> set[str]:
    """What is not ours and not the standard library's, by its first name."""
    first = {name.partition(".")[0] for name in modules}
    return {name for name in first if name not in sys.stdlib_module_names} - {"archtool"}


def test_the_version_is_told_before_anything_is_imported() -> None:
    modules = imported_by("--version")
    assert ours(modules) == FOR_THE_VERSION
    assert others(modules) == set()


def test_a_plain_bag_is_verified_with_no_more_than_it_needs(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="Payload-Oxum: 34.1\n")))
    modules = imported_by("verify", str(bag))
    assert ours(modules) - FOR_A_PLAIN_BAG == set(), "a newcomer: does every run of `verify` need it?"
    assert others(modules) == set()
    assert modules & HEAVY == set()


def test_a_small_bag_needs_no_bar_in_front_of_a_terminal_either(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="Payload-Oxum: 34.1\n")))
    screen, inner = pty.openpty()
    try:
        modules = imported_by("verify", str(bag), stderr=inner)
    finally:
        os.close(inner)
        os.close(screen)
    assert ours(modules) - FOR_A_PLAIN_BAG == {"archtool.cli.progress_bar"}
    assert others(modules) == set()


def test_options_of_a_verification_do_not_bring_keys_along(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", with_tag_manifest(bag_files(info="Payload-Oxum: 34.1\n")))
    modules = imported_by("verify", "--strict", str(bag))
    assert {name for name in modules if name.startswith("archtool.trust.")} == set()
    assert others(modules) == {"click"}
    assert "click" not in imported_by("verify", "--jobs", "2", str(bag))


def test_a_batch_of_sound_descriptions_needs_neither_jsonschema_nor_what_else_a_batch_can_do(
    tmp_path: Path,
) -> None:
    source = write_letters(tmp_path / "letters", "a", "b")
    modules = imported_by("batch", str(source), "-o", str(tmp_path / "out"), "--jobs", "1")
    others_of_a_batch = {"attest_each", "verify_each", "json_lines", "table_source", "cluster", "pool"}
    assert modules & {f"archtool.batch.{name}" for name in others_of_a_batch} == set()
    elsewhere = {
        "cli.agent", "cli.batch_summary_files", "fixity.parallel", "operations.adoption",
        "operations.history_adoption", "operations.stamping", "operations.verify",
        "operations.verify_request", "report.result_text", "serialisation.archive", "serialisation.writing",
        "trust.claim",
    }  # fmt: skip
    assert modules & {f"archtool.{name}" for name in elsewhere} == set()
    assert modules & {"asyncio", "dask", "jsonschema", "openpyxl"} == set()
