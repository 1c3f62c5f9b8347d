"""The options that let an institution's X.509 key sign too, for every command that signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool.cli.options import clock
from archtool.cli.signing.key_loading import passphrase_asker, refusing_asker
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner

_PATH = click.Path(path_type=Path)
_NAMES = ("cms_key", "cms_cert", "cms_passphrase_file")


def cms_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The three options; they come as `cms_key`, `cms_cert` and `cms_passphrase_file`."""
    for name, metavar, what in (
        ("--cms-passphrase-file", "FILE", "Read the X.509 key's passphrase from the first line of FILE."),
        ("--cms-cert", "CERT.pem", "The certificate of --cms-key, and those that lead to its root."),
        ("--cms-key", "KEY.pem", "Let this X.509 key (RSA or EC) sign too: CMS, checked by openssl."),
    ):
        command = click.option(name, type=_PATH, metavar=metavar, help=what)(command)
    return command


def load_cms(given: dict[str, Any], *, is_signed: bool) -> CmsSigner | None:
    """Who signs in CMS, from what the options said; they are taken out of `given`.

    Raises:
        InputError: the key or the certificate cannot be used.
        UsageError: something is missing beside them.
    """
    files = cms_files(given)
    for name in _NAMES:
        given.pop(name)
    if files is None:
        return None
    if not is_signed:
        raise UsageError(
            "a CMS signature stands beside one of ours, and --sign is missing",
            hint="give --sign KEY too; make a key: archtool keys new",
        )
    signer = files.load()
    warning = signer.why_not_valid(clock.now())
    if warning is not None:
        output.message(f"{output.PROGRAM}: warning: {warning}")
    return signer


def cms_files(given: dict[str, Any]) -> CmsFiles | None:
    """The files that the options named.

    Raises:
        UsageError: one of them is missing.
    """
    key, cert, passphrase_file = (given[name] for name in _NAMES)
    if key is None and cert is None:
        if passphrase_file is not None:
            raise UsageError("--cms-passphrase-file requires --cms-key", hint="give --cms-key and --cms-cert")
        return None
    if key is None or cert is None:
        raise UsageError("a CMS signature needs key and certificate", hint="give --cms-key and --cms-cert")
    return CmsFiles(key, cert, passphrase_file)


@dataclass(frozen=True, slots=True)
class CmsFiles:
    """The files of an X.509 key and its certificate, on whatever machine they are loaded."""

    key: Path
    cert: Path
    passphrase_file: Path | None

    def absolute(self) -> CmsFiles:
        """Return the files with absolute paths: other processes may run in another folder."""
        file = self.passphrase_file
        return CmsFiles(self.key.absolute(), self.cert.absolute(), file and file.absolute())

    def load(self, *, files_only: bool = False) -> CmsSigner:
        """Load the key; with `files_only` a passphrase is read from its file, and never asked for.

        Raises:
            InputError: the key or the certificate cannot be used.
            UsageError: the key has a passphrase, and no file was named that holds it.
        """
        is_told = self.passphrase_file is not None or not files_only
        where = shown(str(self.key))
        asker = passphrase_asker(self.key, self.passphrase_file) if is_told else refusing_asker(where)
        return _load(self.key, self.cert, asker)


def _load(key: Path, cert: Path, asker: Callable[[], bytes] | None) -> CmsSigner:
    from archtool.attestations.signatures.cms_signing import MAX_CERTIFICATE_FILE_BYTES, load_cms_signer
    from archtool.openssh.file_recognition import Purpose
    from archtool.operations.trust.trust_files import read_trust_file

    most = MAX_CERTIFICATE_FILE_BYTES  # a file of both is common: so large may either be
    return load_cms_signer(
        (read_trust_file(key, most, "the X.509 key", Purpose.CMS_KEY), shown(str(key))),
        (read_trust_file(cert, most, "the certificate", Purpose.CMS_CERT), shown(str(cert))),
        asker,
    )
