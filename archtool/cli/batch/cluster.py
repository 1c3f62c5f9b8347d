"""Reads the options that name a cluster: the scheduler's address, TLS files and key files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archtool.batch.cluster.link import SchedulerAddress, TlsFiles
from archtool.batch.cluster.task_codec import LoadedKeys
from archtool.cli.signing.cms import CmsFiles, cms_files
from archtool.cli.signing.key_loading import load_signers
from archtool.download.locations import brief_url, without_user
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_input, read_text_input
from archtool.strict_json import JsonRules, parse_json

SCHEMES = ("tcp://", "tls://")
MAX_SCHEDULER_FILE_BYTES = 16 * 1024 * 1024  # it lists the workers that existed when it was written
_SCHEDULER_RULES = JsonRules(MAX_SCHEDULER_FILE_BYTES)
MAX_PEM_BYTES = 1024 * 1024
_TLS = ("tls_ca", "tls_cert", "tls_key")
_TLS_OPTIONS = "--tls-ca FILE --tls-cert FILE --tls-key FILE"


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """The files of the keys to sign with; any machine can load them."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    passphrase_file: Path | None
    cms: CmsFiles | None = None

    def load(self) -> LoadedKeys:
        """Load the keys from their files, without an agent or a prompt. Implements `Keys`."""
        signers = load_signers(self.keys, self.names, self.passphrase_file, files_only=True)
        return LoadedKeys(signers, self.cms.load(files_only=True) if self.cms is not None else None)


def find_keys(given: dict[str, Any]) -> KeyFiles | None:
    """Return the named keys with absolute paths, for other machines; each is loaded here once to check it.

    Raises:
        InputError: a key cannot be used.
        UsageError: a key is not in a file.
    """
    if not given["keys"]:
        return None
    keys = tuple(key if key.startswith("SHA256:") else str(Path(key).absolute()) for key in given["keys"])
    file = given["passphrase_file"]
    cms = cms_files(given)
    found = KeyFiles(keys, tuple(given["names"]), file and file.absolute(), cms and cms.absolute())
    # other machines possibly lack the .pub files whose comments name the signers
    return replace(found, names=tuple(signer.principal for signer in found.load().signers))


def check_authority_address(given: dict[str, Any]) -> None:
    """Check that the address of the timestamp authority contains no password: the scheduler would see it.

    Raises:
        UsageError: the address contains a name or a password.
    """
    url = given["timestamp_url"]
    if url is not None and without_user(url) != url:
        raise UsageError(
            f"the address {brief_url(url)} contains a name or a password, which the scheduler would see",
            hint="use an authority without a login, or add the timestamps later with: archtool timestamp",
        )


def find_scheduler(cluster: str, given: dict[str, Any]) -> SchedulerAddress:
    """Return the scheduler's address and TLS files; `cluster` is an address, or the file that it wrote.

    Raises:
        InputError: the file cannot be used.
        UsageError: certificates are missing for a tls:// address, or given for another one.
    """
    address = cluster if cluster.startswith(SCHEMES) else _address_in(cluster)
    tls = _tls(given)
    if tls is None and address.startswith("tls://"):
        raise UsageError(
            f"{shown(address)} requires certificates",
            hint=f"give your certificate, its key and the trusted authority: {_TLS_OPTIONS}",
        )
    if tls is not None and not address.startswith("tls://"):
        raise UsageError(
            f"certificates are given, but connections to {shown(address)} are not encrypted",
            hint="start the scheduler with --protocol tls, and give its tls:// address",
        )
    return SchedulerAddress(address, tls)


def _address_in(cluster: str) -> str:
    path = Path(cluster)
    if "://" in cluster:
        raise UsageError(
            f"not the address of a scheduler: {shown(cluster)}",
            hint="give tcp://HOST:PORT, tls://HOST:PORT, or the file of dask scheduler --scheduler-file",
        )
    data = read_text_input(path, MAX_SCHEDULER_FILE_BYTES, "the scheduler's file")
    try:
        address = parse_json(data, shown(cluster), _SCHEDULER_RULES)["address"]
    except (InputError, KeyError, TypeError):
        address = None
    if not isinstance(address, str) or not address.startswith(SCHEMES):
        raise InputError(
            f"{shown(cluster)} contains no scheduler address",
            hint="give the file that dask scheduler --scheduler-file wrote",
        )
    return address


def _tls(given: dict[str, Any]) -> TlsFiles | None:
    files: list[Path | None] = [given[name] for name in _TLS]
    named = [file for file in files if file is not None]
    if not named:
        return None
    if len(named) < len(files):
        raise UsageError("TLS requires three files", hint=f"give all of {_TLS_OPTIONS}")
    for file in named:
        read_input(file, MAX_PEM_BYTES, "the certificate or key")
    return TlsFiles(*named)
