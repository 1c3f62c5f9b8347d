"""The options that let an institution's X.509 key sign too, for every command that signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool.cli import clock, screen
from archtool.cli.secrets import passphrase_asker
from archtool.errors import UsageError
from archtool.fixity.paths import shown

if TYPE_CHECKING:
    from archtool.trust.cms_signing import CmsSigner

_PATH = click.Path(path_type=Path)


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
    key, cert = given.pop("cms_key"), given.pop("cms_cert")
    passphrase_file = given.pop("cms_passphrase_file")
    if key is None and cert is None:
        if passphrase_file is not None:
            raise UsageError("--cms-passphrase-file is of an X.509 key", hint="give --cms-key and --cms-cert")
        return None
    if key is None or cert is None:
        raise UsageError("a CMS signature needs key and certificate", hint="give --cms-key and --cms-cert")
    if not is_signed:
        raise UsageError(
            "a CMS signature stands beside one of ours, and --sign is missing",
            hint="give --sign KEY too; make a key: archtool keys new",
        )
    return _load(key, cert, passphrase_file)


def _load(key: Path, cert: Path, passphrase_file: Path | None) -> CmsSigner:
    from archtool.cli.trust_files import Purpose, read_trust_file
    from archtool.trust.cms_signing import MAX_CERTIFICATE_FILE_BYTES, load_cms_signer

    most = MAX_CERTIFICATE_FILE_BYTES  # a file of both is common: so large may either be
    signer = load_cms_signer(
        (read_trust_file(key, most, "the X.509 key", Purpose.CMS_KEY), shown(str(key))),
        (read_trust_file(cert, most, "the certificate", Purpose.CMS_CERT), shown(str(cert))),
        passphrase_asker(key, passphrase_file),
    )
    warning = signer.why_not_valid(clock.now())
    if warning is not None:
        screen.message(f"{screen.PROGRAM}: warning: {warning}")
    return signer
