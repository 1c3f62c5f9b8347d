"""The commands of the README and the examples are run, as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import archtool, assert_loc_agrees
from packages import ARCHIVIST, EXAMPLES, REPOSITORY, needs_sha512sum, needs_ssh_keygen, pack, write_key
from timestamping import STAMPED_AT, make_timestamp_authority, needs_faketime, needs_openssl, over_http
from unit.remote.servers import serving

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DESCRIPTIONS = sorted(EXAMPLES.rglob("description.yaml"))
PAGES = [REPOSITORY / "README.md", EXAMPLES / "README.md"]


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run shell lines where `archtool` is the one that is tested."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    shim = programs / "archtool"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m archtool "$@"\n')
    shim.chmod(0o755)
    return subprocess.run(
        ["sh", "-eu", "-c", f'PATH="{programs}:$PATH"\n{script}'],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_every_command_of_the_page_runs(page: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert len(blocks) >= 3
    for block in blocks:
        done = run_script(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
    for declaration in tmp_path.rglob("bagit.txt"):
        if declaration.parent.name != "adopted" or (declaration.parent / "data").is_dir():  # kept as evidence
            assert_loc_agrees(declaration.parent)


def test_the_two_commands_of_the_readme_are_there_and_ci_calls_the_second() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for command in ("sh examples/first-package.sh", "sh tests/run.sh"):
        assert f"```\n{command}\n```" in readme
        assert (REPOSITORY / command.split()[1]).is_file()
    assert "sh tests/run.sh\n" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "description", sorted(EXAMPLES.rglob("description.yaml")), ids=lambda p: p.parent.name
)
def test_every_example_is_packed_and_verified(description: Path, tmp_path: Path) -> None:
    made = pack(description, tmp_path / "package", "--sign", write_key(tmp_path))
    assert (made.code, made.err) == (0, "")
    assert archtool("verify", tmp_path / "package", "--strict").code == 0


def instructions(package: Path) -> list[str]:
    """The commands of VERIFY.txt: the lines after a dollar sign, and what they go on with."""
    text = (package / "VERIFY.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]


@needs_ssh_keygen
@needs_sha512sum
@pytest.mark.parametrize("algorithm", ["sha512", "sha256"])
def test_the_commands_of_verify_txt_run_with_stock_programs(tmp_path: Path, algorithm: str) -> None:
    package = tmp_path / "package"
    signed = ["--sign", write_key(tmp_path), "--sign", write_key(tmp_path, "curator@example.org")]
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", package, *signed, "--algorithm", algorithm)
    assert made.code == 0
    for name in (ARCHIVIST, "curator@example.org"):
        line = archtool("keys", "trust", write_key(tmp_path, name).with_suffix(".pub")).out
        with (package / "allowed_signers").open("a") as file:
            file.write(line)
    commands = instructions(package)
    assert sum("ssh-keygen -Y verify" in command for command in commands) == 2
    for command in commands:
        done = subprocess.run(["sh", "-c", command], cwd=package, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if command.endswith("wc -l"):
            assert done.stdout.strip() == "2"


@needs_sha512sum
def test_stock_programs_find_what_was_changed(tmp_path: Path) -> None:
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
        asked = ["--timestamp", server.url("/tsa"), "--sign", write_key(tmp_path)]
        assert pack(EXAMPLES / "letter" / "description.yaml", package, *asked).code == 0
    lines = [line for line in instructions(package) if line.startswith("openssl")]
    assert len(lines) == 1
    shutil.copy(authority.roots, tmp_path / "tsa-roots.pem")
    line = lines[0].replace("tsa-roots.pem", str(tmp_path / "tsa-roots.pem"))
    line += f" -attime {int(STAMPED_AT.timestamp())}"
    done = subprocess.run(["sh", "-eu", "-c", line], cwd=package, capture_output=True, check=True, text=True)
    assert "Verification: OK" in done.stdout
