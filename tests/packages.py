"""Builders of descriptions, keys and packages for the tests: small, fixed and fictional."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archtool.files.lock import wait_for_lock
from archtool.openssh.keys.private_key_file import PrivatePart, format_container
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import pack_string
from command_line import DATE, Run, archtool

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = REPOSITORY / "examples"
ARCHIVIST = "archivist@example.org"

LETTER = """\
archtool: 1
title: Letter of the bureau to the sections
date: 1932-05
transcription: letter.txt
language: en
source: "Cahiers, no 3 (1979), pp. 12-14."
rights: { original: UND, package: CC0-1.0 }
"""

needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen (OpenSSH) is not installed"
)
needs_sha512sum = pytest.mark.skipif(shutil.which("sha512sum") is None, reason="sha512sum is not installed")


def write_description(folder: Path, text: str = LETTER, name: str = "description.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_letter(folder: Path, more: str = "", text: str = "To the sections.\n") -> Path:
    """Write one letter with its description; `more` is added to the description."""
    (folder / "letter.txt").write_text(text, encoding="utf-8")
    return write_description(folder, LETTER + more)


def write_key(folder: Path, name: str = ARCHIVIST, passphrase: bytes | None = None) -> Path:
    """Write a throw-away key pair, which is always the same for the same name."""
    seed = hashlib.sha256(name.encode()).digest()
    point = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    blob = pack_string(b"ssh-ed25519") + pack_string(point)
    path = folder / f"{name.partition('@')[0]}-key"
    path.write_bytes(format_container(blob, PrivatePart(blob + pack_string(seed + point), name), passphrase))
    path.chmod(0o600)
    public = PublicKey.from_blob(blob, comment=name)
    path.with_name(path.name + ".pub").write_text(public.format_public_line() + "\n")
    return path


def write_allowed_signers(folder: Path, *names: str) -> Path:
    """Write a list that trusts the keys of these names."""
    path = folder / "allowed_signers"
    lines = [archtool("keys", "trust", write_key(folder, name).with_suffix(".pub")).out for name in names]
    path.write_text("".join(lines))
    return path


def pack(description: Path, target: Path, *options: str | Path) -> Run:
    return archtool("pack", description, "-o", target, "--date", DATE, *options)


def make_package(folder: Path, *options: str | Path, signed: bool = True) -> Path:
    """Make a package of one letter, signed by the archivist unless `signed` is false."""
    sources = folder / "sources"
    sources.mkdir()
    target = folder / "package"
    sign = ["--sign", write_key(folder)] if signed else []
    made = pack(write_letter(sources), target, *sign, *options)
    assert made.code == 0, made.err
    return target


def retag(package: Path) -> None:
    """Write the tag manifest again, as a program does that changes a package."""
    name = "tagmanifest-sha512.txt"
    files = sorted(str(p.relative_to(package)) for p in package.rglob("*") if p.is_file())
    tag_files = [path for path in files if not path.startswith("data/") and path != name]
    lines = [f"{hashlib.sha512((package / path).read_bytes()).hexdigest()}  {path}\n" for path in tag_files]
    (package / name).write_text("".join(lines))


def tree_bytes(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, by its path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@contextlib.contextmanager
def locked_briefly(package: Path) -> Iterator[None]:
    """Lock a package like another run does, and release it while the code in the block waits for it."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(wait_for_lock(package, 0, print))
        timer = threading.Timer(0.3, stack.close)
        timer.start()
        try:
            yield
        finally:
            timer.join()


def left_behind(folder: Path) -> list[str]:
    """Return the names of leftovers of a run."""
    return [p.name for p in folder.iterdir() if p.name.startswith(".archtool-")]
