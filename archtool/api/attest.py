"""`archtool.attest`: appends a signed claim to a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from archtool import __version__
from archtool.api.arguments import AnyPath, moment, path_of, paths_of
from archtool.attestations.statements.claim import Claim
from archtool.operations.attest.attest import attest as run
from archtool.operations.attest.request import AttestRequest
from archtool.operations.trust.signing_keys import load_signers
from archtool.results import Result


def attest(
    package: AnyPath,
    *,
    sign: AnyPath | Iterable[AnyPath],
    event: str,
    note: str | None = None,
    details: Mapping[str, str] | None = None,
    signers: Iterable[str] = (),
    passphrase: str | None = None,
    date: datetime | None = None,
) -> Result:
    """Append a signed attestation to a package.

    `event` is `custody-transfer`, `countersignature`, `fixity-check`, `validation`, `repair`, or a name of
    your own that begins with `x-`. For `fixity-check`, `validation` and `repair` every payload file is read
    first, and a package that is not valid is refused. A custody transfer needs the details `from` and `to`.

    Raises:
        MaterialRefusedError: the package has faults; its `findings` list them.
        InputError: the package or a key cannot be read.
        UsageError: the claim cannot be made about this package.
        StorageError: another run holds the package, or it cannot be written.
    """
    request = AttestRequest(
        root=path_of(package),
        claim=Claim.of(event, note, details),
        signers=load_signers(paths_of(sign), tuple(signers), passphrase),
        claimed_at=moment(date),
        now=moment(None),
        software_version=__version__,
    )
    return run(request, _say_nothing)


def _say_nothing(_message: str) -> None:
    """Take the place of the command line's messages."""
