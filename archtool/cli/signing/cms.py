"""The options for a second signature with an institution's X.509 key, for every command that signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archtool.attestations.limits import MAX_CERTIFICATE_FILE_BYTES
from archtool.attestations.signatures.cms_signing import CmsSigner, load_cms_signer
from archtool.cli.options import clock
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.signing.key_loading import passphrase_reader, refusing_passphrase_reader
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.openssh.file_recognition import Purpose
from archtool.operations.trust.trust_files import read_trust_file

_NAMES = ("cms_key", "cms_cert", "cms_passphrase_file")


def cms_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the three options, as `cms_key`, `cms_cert` and `cms_passphrase_file`."""
    for name, metavar, text in (
        ("--cms-passphrase-file", "FILE", "Read the X.509 key's passphrase from the first line of FILE."),
        ("--cms-cert", "CERT.pem", "Certificate of --cms-key, with the certificates up to its root."),
        ("--cms-key", "KEY.pem", "Also sign with this X.509 key (RSA or EC): CMS, checkable with openssl."),
    ):
        command = click.option(name, type=ANY_PATH, metavar=metavar, help=text)(command)
    return command


def load_cms(given: dict[str, Any], *, is_signed: bool) -> CmsSigner | None:
    """Return the CMS signer that the options name, and remove them from `given`.

    Warns on stderr if the certificate is not valid now.

    Raises:
        InputError: the key or the certificate cannot be used.
        UsageError: an option that they require is missing.
    """
    files = cms_files(given)
    for name in _NAMES:
        given.pop(name)
    if files is None:
        return None
    if not is_signed:
        raise UsageError(
            "--cms-key requires --sign: a CMS signature is added to an SSH signature",
            hint="give --sign KEY also; to make a key, run: archtool keys new",
        )
    signer = files.load()
    warning = signer.why_not_valid(clock.now())
    if warning is not None:
        output.message(f"{output.PROGRAM}: warning: {warning}")
    return signer


def cms_files(given: dict[str, Any]) -> CmsFiles | None:
    """Return the files that the options name; `None` without any.

    Raises:
        UsageError: a file is missing.
    """
    key, cert, passphrase_file = (given[name] for name in _NAMES)
    if key is None and cert is None:
        if passphrase_file is not None:
            raise UsageError("--cms-passphrase-file requires --cms-key", hint="give --cms-key and --cms-cert")
        return None
    if key is None or cert is None:
        raise UsageError(
            "a CMS signature needs a key and a certificate", hint="give --cms-key and --cms-cert"
        )
    return CmsFiles(key, cert, passphrase_file)


@dataclass(frozen=True, slots=True)
class CmsFiles:
    """The files of an X.509 key and its certificate; any machine can load them."""

    key: Path
    cert: Path
    passphrase_file: Path | None

    def absolute(self) -> CmsFiles:
        """Return the files with absolute paths: other processes can run in another folder."""
        file = self.passphrase_file
        return CmsFiles(self.key.absolute(), self.cert.absolute(), file and file.absolute())

    def load(self, *, files_only: bool = False) -> CmsSigner:
        """Load the key; with `files_only` a passphrase is read from its file, and never prompted for.

        Raises:
            InputError: the key or the certificate cannot be used.
            UsageError: the key has a passphrase, and no file with it is named.
        """
        where = shown(str(self.key))
        if files_only and self.passphrase_file is None:
            reader: Callable[[], bytes] | None = refusing_passphrase_reader(where, "--cms-passphrase-file")
        else:
            reader = passphrase_reader(self.key, self.passphrase_file)
        max_bytes = MAX_CERTIFICATE_FILE_BYTES  # often one file holds both, so both have the same limit
        return load_cms_signer(
            (read_trust_file(self.key, max_bytes, "the X.509 key", Purpose.CMS_KEY), where),
            (
                read_trust_file(self.cert, max_bytes, "the certificate", Purpose.CMS_CERT),
                shown(str(self.cert)),
            ),
            reader,
        )
