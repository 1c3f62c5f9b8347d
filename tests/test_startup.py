"""The modules that a small command imports: each costs time in every run."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from batches import write_letters
from command_line import archtool, unmeasured
from packages import ARCHIVIST, make_package, write_allowed_signers
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag
from unit.holdings.registers import ingestion, make_register

if TYPE_CHECKING:
    import pytest

_REPORT = """
import json, sys
before, report_path = set(sys.modules), sys.argv[2]
sys.argv = ["archtool", *json.loads(sys.argv[1])]
from archtool.cli.entry import run
try:
    run()
except SystemExit as ended:
    assert not ended.code, ended.code
with open(report_path, "w", encoding="utf-8") as report:
    json.dump(sorted(set(sys.modules) - before), report)
"""
# modules that are slow to import and useless for a command that only reads a few files
HEAVY = {
    "argparse", "asyncio", "concurrent.futures", "http", "multiprocessing", "pickle", "selectors", "sqlite3",
    "ssl", "subprocess", "tarfile", "urllib.request", "xml", "zipfile",
}  # fmt: skip
FOREIGN_HEAVY = {
    "bagit", "bibtexparser", "cryptography", "dask", "distributed", "edtf", "jsonschema", "language_tags",
    "lxml", "openpyxl", "prov", "pylatexenc", "rich", "yaml",
}  # fmt: skip


def imported_by(*arguments: str, stderr: int = subprocess.PIPE) -> set[str]:
    """Return the modules that a command imports, in a process without coverage measurement."""
    with tempfile.NamedTemporaryFile() as report:
        command = [sys.executable, "-c", _REPORT, json.dumps(arguments), report.name]
        subprocess.run(command, env=unmeasured(), stdout=subprocess.PIPE, stderr=stderr, check=True)
        return set(json.load(report))


def foreign(modules: set[str]) -> set[str]:
    """Return the packages that belong neither to archtool nor to the standard library."""
    packages = {name.partition(".")[0] for name in modules}
    return packages - sys.stdlib_module_names - {"archtool"}


def plain_bag(folder: Path) -> str:
    return str(write_bag(folder / "bag", with_tag_manifest(bag_files(info="Payload-Oxum: 34.1\n"))))


def test_the_version_is_printed_without_importing_any_other_package() -> None:
    modules = imported_by("--version")
    assert "archtool" in modules
    assert foreign(modules) == set()
    assert modules & HEAVY == set()


def test_verifying_a_plain_bag_imports_nothing_heavy(tmp_path: Path) -> None:
    modules = imported_by("verify", plain_bag(tmp_path))
    assert modules & (HEAVY | FOREIGN_HEAVY) == set()


def test_verifying_a_plain_bag_on_a_terminal_imports_nothing_heavy(tmp_path: Path) -> None:
    bag = plain_bag(tmp_path)
    screen, inner = pty.openpty()
    try:
        modules = imported_by("verify", bag, stderr=inner)
    finally:
        os.close(inner)
        os.close(screen)
    assert modules & (HEAVY | FOREIGN_HEAVY) == set()


def test_verifying_a_plain_bag_with_options_imports_nothing_heavy(tmp_path: Path) -> None:
    modules = imported_by("verify", "--strict", "--jobs", "2", plain_bag(tmp_path))
    assert modules & (HEAVY | FOREIGN_HEAVY) == set()


def test_a_batch_of_valid_descriptions_imports_no_schema_validator_and_nothing_for_other_batches(
    tmp_path: Path,
) -> None:
    source = write_letters(tmp_path / "letters", "a", "b")
    modules = imported_by("batch", str(source), "-o", str(tmp_path / "out"), "--jobs", "1")
    used = {"yaml"}
    assert modules & used == used
    assert modules & (FOREIGN_HEAVY - used) == set()
    assert modules & {"asyncio", "http", "multiprocessing", "sqlite3", "ssl", "subprocess", "xml"} == set()


def test_verifying_a_valid_signed_package_does_not_import_modules_for_faults_and_rare_values(
    tmp_path: Path,
) -> None:
    package = make_package(tmp_path)
    allowed = write_allowed_signers(tmp_path, ARCHIVIST)
    modules = imported_by("verify", "--trust", str(allowed), str(package))
    assert {"cryptography", "jsonschema_rs", "yaml"} <= modules
    unused = {"bagit", "edtf", "http", "jsonschema", "language_tags", "xml.parsers.expat"}
    assert modules & unused == set()


def test_a_dry_run_of_fetch_imports_no_http_client(tmp_path: Path) -> None:
    files = bag_files({"data/a.txt": b"a"}) | {"fetch.txt": b"https://example.org/a 1 data/a.txt\n"}
    del files["data/a.txt"]
    modules = imported_by("fetch", "--dry-run", str(write_bag(tmp_path / "bag", files)))
    assert "archtool.operations.fetch" in modules
    assert modules & {"http.client", "urllib.request"} == set()


def test_the_report_of_a_register_on_the_screen_imports_nothing_for_pages_and_mails(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=1) as register:
        path = str(register.path)
    modules = imported_by("holdings", "report", "--register", path)
    assert "sqlite3" in modules
    assert modules & (FOREIGN_HEAVY | {"email.message", "jinja2"}) == set()


def test_an_export_imports_only_what_its_form_needs(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    modules = imported_by("export", "--to", "dc", str(package))
    forms = {name for name in modules if name.startswith("archtool.exports.catalogue.")}
    assert {name.rpartition(".")[2] for name in forms} == {"dublin_core", "elements", "record", "sentences"}
    assert modules & {"sqlite3", "jinja2", "lxml", "xml"} == set()


def test_the_history_of_a_package_in_any_form_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    package = str(make_package(tmp_path, signed=False))
    for form in ("text", "svg", "prov-n", "dot"):
        modules = imported_by("provenance", package, "--to", form)
        assert modules & (HEAVY - {"selectors"} | FOREIGN_HEAVY) == set()
        forms = {"drawing", "mermaid"} & {name.rpartition(".")[2] for name in modules if "provenance" in name}
        assert forms == ({"drawing"} if form == "svg" else set())


def test_only_a_verification_with_a_register_imports_sqlite(tmp_path: Path) -> None:
    bag = plain_bag(tmp_path)
    with make_register(tmp_path) as register:
        register.append(ingestion(0, place=bag))
    modules = imported_by("verify", bag, "--register", str(register.path))
    assert "sqlite3" in modules
    assert modules & (FOREIGN_HEAVY | (HEAVY - {"sqlite3"})) == set()
    assert "sqlite3" not in imported_by("verify", bag, "--register", str(register.path), "--no-register")


def test_a_list_of_holdings_imports_neither_what_packs_nor_what_verifies(tmp_path: Path) -> None:
    path = str(tmp_path / "archive.register")
    assert archtool("holdings", "init", path, "--agent", "Jane Doe").code == 0
    for words in (["list"], ["events"]):
        modules = imported_by("holdings", *words, "--register", path)
        operations = {name.split(".")[2] for name in modules if name.startswith("archtool.operations.")}
        assert operations <= {"describe", "holdings", "open_package", "trust", "finding_kinds", "limits"}
        assert foreign(modules) == {"click"}


def test_the_plan_of_an_audit_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    register = tmp_path / "archive.register"
    imported_by("holdings", "init", str(register))
    modules = imported_by("audit", "--plan", "--register", str(register))
    assert modules & (HEAVY - {"sqlite3"}) == set()
    assert foreign(modules) <= {"click"}


def test_a_configuration_costs_only_the_parser_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("jobs = 2\n")
    bag = plain_bag(tmp_path)
    without = imported_by("verify", bag)
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(config))
    more = imported_by("verify", bag) - without
    assert "tomllib" in more
    assert foreign(more) == set()
    assert more & (HEAVY | FOREIGN_HEAVY) == set()


def test_completing_a_name_imports_nothing_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ARCHTOOL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "archtool ver")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert imported_by() & (HEAVY | FOREIGN_HEAVY) == set()
