"""Checks permissions: only their owner can read private keys, and only their owner can change trust files.

A key is never decrypted, and nothing of its private half is printed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from archtool.errors import ArchtoolError
from archtool.files.paths import shell_word, shown
from archtool.openssh.keys.private_key_file import LABEL, parse_container
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.doctor.model import Check, Surroundings, failed, passed, warned
from archtool.operations.limits import MAX_TRUST_FILE_BYTES

_USUAL_NAMES = ("id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk")
_OTHERS_MAY_READ = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_PASSPHRASE_FILE = "ARCHTOOL_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable


def check_keys(surroundings: Surroundings) -> Iterator[Check]:
    """Check the named keys, those in `~/.ssh`, and the file of the passphrase."""
    usual = [surroundings.home / ".ssh" / name for name in _USUAL_NAMES] if surroundings.home else []
    found = [*surroundings.keys, *(path for path in usual if path.is_file())]
    for path in dict.fromkeys(found):
        yield _check_key(path)
    if not found:
        yield passed("keys", "no key in ~/.ssh, and none is named with --key", "archtool keys new FILE")
    passphrase = surroundings.environment.get(_PASSPHRASE_FILE)
    if passphrase:
        yield _check_secret(Path(passphrase), f"{_PASSPHRASE_FILE} names {shown(passphrase)}")


def check_trust_files(surroundings: Surroundings) -> Iterator[Check]:
    """Check that only their owner can change the files that decide whom to trust."""
    files = surroundings.trust_files or {}
    for option, path in files.items():
        yield _check_trust_file(option, path)
    if "trust" not in files:
        yield passed(
            "trust",
            "no list of trusted keys is configured: verify needs --trust, or says `trust not-asked`",
            "archtool keys trust KEY.pub >> allowed_signers",
        )


def _check_key(path: Path) -> Check:
    name = shown(str(path))
    check = _check_secret(path, f"the key {name}")
    if check.state.value != "pass":
        return check
    try:
        data = read_text_input(path, MAX_TRUST_FILE_BYTES, "the key")
        if not data.lstrip().startswith(f"-----BEGIN {LABEL}".encode("ascii")):
            return passed("keys", f"{name}: readable by you only; not in OpenSSH's format, not parsed")
        container = parse_container(data, name)
    except ArchtoolError as error:
        return failed("keys", error.message, error.hint)
    lock = "with a passphrase" if container.is_encrypted else "without a passphrase"
    public = container.public
    return passed("keys", f"{name}: {public.key_type} {public.fingerprint}, {lock}, readable by you only")


def _check_secret(path: Path, what: str) -> Check:
    try:
        status = path.stat()
    except OSError as error:
        return failed("keys", f"{what}: {error.strerror}", "correct the path")
    if not stat.S_ISREG(status.st_mode):
        return failed("keys", f"{what}: not a file", "correct the path")
    if os.name == "posix" and status.st_mode & _OTHERS_MAY_READ:
        mode = stat.S_IMODE(status.st_mode)
        return failed(
            "keys",
            f"{what}: other users can read or change it (mode {mode:04o})",
            f"chmod 600 {shell_word(str(path))}",
        )
    if not os.access(path, os.R_OK):
        return failed("keys", f"{what}: you cannot read it", f"chmod u+r {shell_word(str(path))}")
    return passed("keys", f"{what}: readable by you only")


def _check_trust_file(option: str, path: Path) -> Check:
    name = f"{option}: {shown(str(path))}"
    try:
        status = path.stat()
    except OSError as error:
        return failed("trust", f"{name}: {error.strerror}", "correct the path, or give the option")
    if not os.access(path, os.R_OK):
        return failed("trust", f"{name}: you cannot read it", f"chmod u+r {shell_word(str(path))}")
    if os.name == "posix" and status.st_mode & _OTHERS_MAY_WRITE:
        return warned(
            "trust",
            f"{name}: other users can change whom you trust (mode {stat.S_IMODE(status.st_mode):04o})",
            f"chmod go-w {shell_word(str(path))}",
        )
    return passed("trust", f"{name}: only its owner can change it")
