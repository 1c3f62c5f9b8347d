"""The public API, `import archtool`: the examples of its page and of its docstring run."""

from __future__ import annotations

import doctest
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import archtool
from command_line import archtool as command
from command_line import unmeasured
from packages import ARCHIVIST, REPOSITORY, pack, write_allowed_signers, write_key, write_letter

PAGE = REPOSITORY / "docs" / "python.md"
FUNCTIONS = ("attest", "audit", "check", "cite", "export", "pack", "read_package", "verify")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """Make a folder with a letter, a key and an allowed_signers file, as the examples expect them."""
    (tmp_path / "letter").mkdir()
    write_letter(tmp_path / "letter")
    write_key(tmp_path)
    write_allowed_signers(tmp_path, ARCHIVIST)
    (tmp_path / "packages").mkdir()
    pack(
        tmp_path / "letter" / "description.yaml",
        tmp_path / "packages" / "first",
        "--sign",
        write_key(tmp_path),
    )
    assert command("holdings", "init", tmp_path / "archive.register").code == 0
    shelf = ("holdings", "adopt", tmp_path / "packages", "--register", tmp_path / "archive.register")
    assert command(*shelf).code == 0
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "text", [PAGE.read_text(encoding="utf-8"), archtool.__doc__], ids=["the page", "the docstring"]
)
def test_every_example_of_the_public_api_runs(text: str) -> None:
    examples = doctest.DocTestParser().get_doctest(text, {}, "examples", None, 0)
    assert len(examples.examples) > 4
    output: list[str] = []
    results = doctest.DocTestRunner().run(examples, out=output.append)
    assert results.failed == 0, "".join(output)


def test_the_page_names_every_function_and_every_error() -> None:
    page = PAGE.read_text(encoding="utf-8")
    errors = [name for name in archtool.__all__ if name.endswith("Error") and name != "ArchtoolError"]
    for name in errors:
        assert f"`{name}`" in page
    for name in FUNCTIONS:
        assert f"`{name}(" in page


def test_every_public_name_exists_and_is_documented() -> None:
    for name in archtool.__all__:
        assert inspect.getdoc(getattr(archtool, name)), name
    with pytest.raises(AttributeError, match="no attribute 'unpack'"):
        _ = archtool.unpack


def test_importing_archtool_imports_none_of_its_modules() -> None:
    command = "import sys, archtool; print([name for name in sys.modules if name.startswith('archtool.')])"
    done = subprocess.run(
        [sys.executable, "-c", command], env=unmeasured(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_time_without_a_zone_is_refused(desk: Path) -> None:
    with pytest.raises(archtool.UsageError, match="has no time zone"):
        archtool.verify(desk, at=datetime(2026, 11, 30))  # noqa: DTZ001 - that is the fault


def test_a_list_of_signers_inside_the_package_is_refused(desk: Path) -> None:
    archtool.pack("letter/description.yaml", "package", sign="archivist-key")
    (desk / "package" / "allowed_signers").write_bytes((desk / "allowed_signers").read_bytes())
    with pytest.raises(archtool.UsageError, match="must come from elsewhere"):
        archtool.verify("package", trust="package/allowed_signers")


def test_an_audit_of_a_program_finds_what_the_command_finds(desk: Path) -> None:
    (desk / "packages" / "first" / "data" / "letter.txt").unlink()
    found = archtool.audit("archive.register", agent="Jane Doe", everything=True)
    assert (found["exit_code"], found["counts"]) == (1, {"missing": 1})
    assert [failure["holding"] for failure in found["failures"]] == ["first"]
    events = command("holdings", "events", "first", "--register", "archive.register", "--json").objects
    assert events[0]["facts"]["agent"] == "Jane Doe"


def test_an_audit_refuses_a_list_of_signers_inside_a_registered_package(desk: Path) -> None:
    inside = desk / "packages" / "first" / "allowed_signers"
    inside.write_bytes((desk / "allowed_signers").read_bytes())
    with pytest.raises(archtool.UsageError, match="must come from elsewhere"):
        archtool.audit("archive.register", agent="Jane Doe", trust=inside)


def test_an_audit_of_an_unknown_holding_is_an_error(desk: Path) -> None:
    with pytest.raises(archtool.InputError, match="nothing-here"):
        archtool.audit(desk / "archive.register", agent="Jane Doe", holdings=["nothing-here"])


def test_a_key_with_a_passphrase_signs_if_the_program_passes_it(desk: Path) -> None:
    locked = write_key(desk, "curator@example.org", passphrase=b"correct horse")
    trust = write_allowed_signers(desk, "curator@example.org")
    write_key(desk, "curator@example.org", passphrase=b"correct horse")
    with pytest.raises(archtool.InputError, match="passphrase"):
        archtool.pack("letter/description.yaml", "package", sign=locked)
    archtool.pack("letter/description.yaml", "package", sign=locked, passphrase="correct horse")
    assert archtool.verify("package", trust=trust, strict=True).verdict["trust"] == "trusted"


def test_names_are_given_for_all_keys_or_for_none(desk: Path) -> None:
    with pytest.raises(archtool.UsageError, match="1 keys and 2 names"):
        archtool.pack(
            "letter/description.yaml", desk / "package", sign="archivist-key", signers=("a@x", "b@x")
        )


def test_a_path_with_a_zero_byte_is_refused() -> None:
    with pytest.raises(archtool.UsageError, match="not a path"):
        archtool.verify("package\0")


def test_the_date_of_access_is_part_of_a_citation(desk: Path) -> None:
    package = desk / "packages" / "first"
    assert "Accessed 2026-11-30." in archtool.cite(package, accessed=date(2026, 11, 30)).text
    assert archtool.cite(package, source=True).text == "Cahiers, no 3 (1979), pp. 12-14.\n"


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        ([], {}, "no package is given"),
        ("packages/first", {"style": "bibtec"}, "no such style: 'bibtec'"),
        ("packages/first", {"style": "ris", "transliterate": True}, "ris is for programs"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_a_citation_that_cannot_be_meant_is_refused(given: Any, options: Any, message: str) -> None:
    with pytest.raises(archtool.UsageError, match=message):
        archtool.cite(given, **options)


@pytest.mark.parametrize(
    ("given", "form", "hint"),
    [
        ([], "dc", "give the path of a package"),
        ("packages/first", "modes", "did you mean 'mods'"),
        ("packages/first", "pictures of it all", "datacite"),
        ("packages/first", "ocfl", "archtool export BAG --to ocfl"),
        (["packages/first", "packages/first"], "datacite", "call export for each package"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_an_export_that_cannot_be_meant_is_refused_with_a_hint(given: Any, form: str, hint: str) -> None:
    with pytest.raises(archtool.UsageError) as refused:
        archtool.export(given, form)
    assert refused.value.hint is not None
    assert hint in refused.value.hint


def test_help_and_completion_list_the_public_names() -> None:
    assert set(archtool.__all__) <= set(dir(archtool))
    assert archtool.pack is archtool.pack


@pytest.mark.usefixtures("desk")
def test_a_profile_is_given_as_a_file() -> None:
    profile = REPOSITORY / "schemas" / "bagit-profile.json"
    checked = archtool.check("letter/description.yaml", profile=profile)
    assert checked.exit_code is archtool.ExitCode.DONE
    assert checked.facts["profile"]
    with pytest.raises(archtool.InputError):
        archtool.check("letter/description.yaml", profile="letter/letter.txt")
