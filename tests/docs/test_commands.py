"""The commands of the README, the guides and the examples run unchanged."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import archtool, assert_loc_agrees, unmeasured
from packages import (
    ARCHIVIST,
    EXAMPLES,
    REPOSITORY,
    needs_sha512sum,
    needs_ssh_keygen,
    pack,
    write_allowed_signers,
    write_key,
)
from timestamping import STAMPED_AT, make_timestamp_authority, needs_faketime, needs_openssl, over_http
from unit.download.servers import serving

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DESCRIPTIONS = sorted(EXAMPLES.rglob("description.yaml"))
DOCS = REPOSITORY / "docs"
GUIDES = [DOCS / name for name in ("packing.md", "attesting.md", "batch.md", "reporting.md")]
PAGES = {
    "README": [REPOSITORY / "README.md"],
    "examples": [EXAMPLES / "README.md"],
    "guides": GUIDES,
    "history": [DOCS / "provenance.md"],
    "prompt": [DOCS / "prompt.md"],
}
"""Pages in reading order: the commands of each continue those of the page before."""


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run shell lines in which `archtool` is the tested one, and `bagit.py` that of the same environment."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    shim = programs / "archtool"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m archtool "$@"\n')
    shim.chmod(0o755)
    return subprocess.run(
        ["sh", "-eu", "-c", f'PATH="{programs}:{Path(sys.executable).parent}:$PATH"\n{script}'],
        cwd=folder, env=unmeasured(), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_every_command_of_the_pages_runs(pages: list[Path], tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    blocks = [block for page in pages for block in BLOCK.findall(page.read_text(encoding="utf-8"))]
    assert len(blocks) >= 3
    for block in blocks:
        done = run_script(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
    for declaration in tmp_path.rglob("bagit.txt"):
        if declaration.parent.name != "adopted" or (declaration.parent / "data").is_dir():  # kept as evidence
            assert_loc_agrees(declaration.parent)


def test_the_readme_has_its_two_commands_and_ci_calls_the_second() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for command in ("sh examples/first-package.sh", "sh tests/run.sh"):
        assert f"```\n{command}\n```" in readme
        assert (REPOSITORY / command.split()[1]).is_file()
    assert "sh tests/run.sh\n" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


VARIES = re.compile(r"[0-9a-f]{8}…[0-9a-f]{4}|[0-9-]{10}T[0-9:]{8}Z|[0-9.]+ (?:s|KB)\b")
"""What differs between two runs of the example: digests, dates, seconds, and the size with the key's name."""


def test_the_readme_shows_what_the_example_prints(tmp_path: Path) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```\n(rakovsky-1932-appel: .*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert len(shown) == 2
    package = tmp_path / "rakovsky-1932-appel"
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package, "--sign", write_key(tmp_path))
    valid = archtool("verify", package, "--trust", trust).out
    note = package / "data" / "note-sur-le-texte.fr.txt"
    text = bytearray(note.read_bytes())
    text[10] ^= 1
    note.write_bytes(text)
    damaged = archtool("verify", package, "--trust", trust).out
    for block, printed in zip(shown, (valid, damaged), strict=True):
        words = " ".join(VARIES.sub("…", printed.replace(f"{tmp_path}/", "")).split())
        for sentence in re.split(r"\n(?=\S| {2}\S| {8}hint| {10}\S)", VARIES.sub("…", block)):
            assert " ".join(sentence.split()) in words


def test_no_page_installs_the_other_project_named_archtool() -> None:
    pages = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md"), *REPOSITORY.glob("schemas/*.md")]
    commands = [
        line
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if "pip install" in line
    ]
    assert len(commands) > 1
    for line in commands:
        words = line.partition("pip install")[2].split()
        requirement = next(word for word in words if not word.startswith("-")).strip("'\"")
        assert requirement.startswith(("archtool-bagit[", "archtool_bagit-", ".", "release/")), line


@pytest.mark.parametrize(
    "description", sorted(EXAMPLES.rglob("description.yaml")), ids=lambda p: p.parent.name
)
def test_every_example_is_packed_and_verified(description: Path, tmp_path: Path) -> None:
    made = pack(description, tmp_path / "package", "--sign", write_key(tmp_path))
    assert (made.code, made.err) == (0, "")
    assert archtool("verify", tmp_path / "package", "--strict").code == 0


def instructions(package: Path) -> list[str]:
    """Return the commands of VERIFY.txt: the lines after a dollar sign, with their continuation lines."""
    text = (package / "VERIFY.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]


def attested_package(folder: Path, *options: str) -> Path:
    """Make the package of 1932 with three attestations, and the files needed to check them by hand."""
    package, key = folder / "package", write_key(folder)
    signed = ["--sign", key, "--sign", write_key(folder, "curator@example.org")]
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package, *signed, *options).code == 0
    later = ["attest", package, "--sign", write_key(folder, "curator@example.org"), "--event"]
    assert archtool(*later, "custody-transfer", "--from", "A", "--to", "B").code == 0
    assert archtool("verify", package, "--attest", key).code == 0
    # the name of the list in VERIFY.txt; it is not part of the package
    shutil.copy(write_allowed_signers(folder, ARCHIVIST, "curator@example.org"), package)
    return package


def run_by_hand(package: Path) -> dict[str, int]:
    """Run every command of VERIFY.txt with the programs of this machine; return the exit codes by command."""
    return {
        command: subprocess.run(
            ["sh", "-c", command], cwd=package, capture_output=True, check=False, timeout=60
        ).returncode
        for command in instructions(package)
    }


@needs_ssh_keygen
@needs_sha512sum
@pytest.mark.parametrize("algorithm", ["sha512", "sha256"])
def test_the_commands_of_verify_txt_run_with_stock_programs(tmp_path: Path, algorithm: str) -> None:
    package = attested_package(tmp_path, "--algorithm", algorithm)
    codes = run_by_hand(package)
    assert set(codes.values()) == {0}, codes
    assert sum("ssh-keygen -Y verify" in command for command in codes) == 3
    assert sum(command.startswith("(for sig in ") for command in codes) == 2
    counting = next(command for command in codes if command.endswith("wc -l"))
    counted = subprocess.run(["sh", "-c", counting], cwd=package, capture_output=True, text=True, check=True)
    assert counted.stdout.strip() == "2"


TAG_MANIFEST, LISTS = "sha512sum -c tagmanifest-sha512.txt", "cat attestations/*/sha512sums.txt"
SIGNATURES, SIGNERS = '-n archtool -s "$sig"', "find-principals"
CHANGED = {
    "data/appel-1932.resume.fr.txt": {"sha512sum -c manifest-sha512.txt"},
    "metadata/citation.json": {
        TAG_MANIFEST, "sha512sum -c attestations/0001-packaging/sha512sums.txt", LISTS,
    },
    "attestations/0002-custody-transfer/statement.json": {TAG_MANIFEST, LISTS},
    "attestations/0002-custody-transfer/sha512sums.txt.curator.sig": {
        TAG_MANIFEST, LISTS, SIGNATURES, SIGNERS,
    },
    "attestations/0003-fixity-check/sha512sums.txt": {TAG_MANIFEST, SIGNATURES, SIGNERS},
}  # fmt: skip


@needs_ssh_keygen
@needs_sha512sum
@pytest.mark.parametrize("path", CHANGED)
def test_the_commands_of_verify_txt_find_a_change(tmp_path: Path, path: str) -> None:
    package = attested_package(tmp_path)
    data = (package / path).read_bytes()
    middle = len(data) // 2
    (package / path).write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    failing = [command for command, code in run_by_hand(package).items() if code != 0]
    assert {part for part in CHANGED[path] if not any(part in command for command in failing)} == set()


@needs_ssh_keygen
@needs_sha512sum
def test_the_commands_of_verify_txt_find_an_untrusted_key(tmp_path: Path) -> None:
    package = attested_package(tmp_path)
    shutil.copy(write_allowed_signers(tmp_path, ARCHIVIST), package)
    failing = {command for command, code in run_by_hand(package).items() if code != 0}
    assert len(failing) == 2
    assert any("find-principals" in command for command in failing)
    assert any("-I curator@example.org" in command for command in failing)


@needs_sha512sum
def test_stock_programs_find_a_change(tmp_path: Path) -> None:
    package = tmp_path / "package"
    pack(EXAMPLES / "letter" / "description.yaml", package)
    (package / "data" / "letter.txt").write_text("changed")
    first = instructions(package)[0]
    assert subprocess.run(["sh", "-c", first], cwd=package, capture_output=True, check=False).returncode == 1


@needs_openssl
@needs_faketime
def test_the_lines_of_verify_txt_about_time_run_with_openssl(tmp_path: Path) -> None:
    authority = make_timestamp_authority(tmp_path / "tsa")
    package = tmp_path / "package"
    with serving({"/tsa": over_http(authority)}) as server:
        options = ["--timestamp", server.url("/tsa"), "--sign", write_key(tmp_path)]
        assert pack(EXAMPLES / "letter" / "description.yaml", package, *options).code == 0
    lines = [line for line in instructions(package) if line.startswith("openssl")]
    assert len(lines) == 1
    shutil.copy(authority.roots, tmp_path / "tsa-roots.pem")
    line = lines[0].replace("tsa-roots.pem", str(tmp_path / "tsa-roots.pem"))
    line += f" -attime {int(STAMPED_AT.timestamp())}"
    done = subprocess.run(["sh", "-eu", "-c", line], cwd=package, capture_output=True, check=True, text=True)
    assert "Verification: OK" in done.stdout
