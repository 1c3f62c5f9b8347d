"""Adds timestamps to the signatures of a package that have none, in numbered steps.

Only the signatures of the newest attestation get timestamps: a file that is added to the folder of an earlier
attestation would be in no signed checksum list. Earlier signatures need none: the signatures of the newest
attestation cover them, so they are older. If another person made the newest attestation, a new attestation
(`archtool attest`) covers all.

A timestamp is stored where its signature is: in the package, or in its sidecar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.attestations.layout import AttestationFolder, timestamp_path
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.attest.locked_package import Lock, LockedPackage, open_locked
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.trust.timestamp_client import TimestampClient
from archtool.results import Result
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.report import TimestampReport
from archtool.timestamps.request import TimestampQuery

RESULT_SCHEMA = "archtool/timestamp/1"


@dataclass(frozen=True, slots=True)
class TimestampRequest:
    """The package whose signatures get timestamps."""

    root: Path
    now: datetime
    """Aware: the time of the check."""
    lock: Lock
    sidecar: Path | None = None
    """The path of the sidecar, if it is not the default one beside the package."""
    limits: Limits = field(default_factory=Limits)
    """An archive beyond these limits is refused."""


@dataclass(frozen=True, slots=True)
class UntimestampedSignatures:
    """The signatures of a package's newest attestation that have no timestamp."""

    attestation: str
    """The folder's name."""
    signatures: Mapping[str, bytes]
    """The signatures by their paths in the package."""
    unlisted: Mapping[str, bytes]
    """Timestamps that no tag manifest lists yet: a run was killed before it wrote the tag manifests."""
    sidecar: Path | None = None
    """The sidecar that contains the attestation; `None`: the package contains it."""


@contextmanager
def _open(request: TimestampRequest) -> Iterator[tuple[LockedPackage, UntimestampedSignatures]]:
    """Lock the package, and find the signatures that have no timestamp.

    Raises:
        InputError: the package is not signed, or nothing can be added where the signatures are.
    """
    sidecar = find_sidecar(request.root, request.sidecar)
    with open_locked(request.root, request.now, request.lock, sidecar, request.limits) as package:
        chain_input = package.state.chain_input
        if not chain_input.sidecar_files and package.root.is_dir():
            package.check_addable()
        newest = _newest(package)
        is_in_sidecar = newest.paths.isdisjoint(chain_input.files)
        if not is_in_sidecar:
            _refuse_archive(package.root)
            package.check_addable()
        yield package, _find_untimestamped(package, newest, sidecar if is_in_sidecar else None)


def _newest(package: LockedPackage) -> AttestationFolder:
    folders = package.state.folders
    if not folders or not folders[-1].signature_paths:
        raise InputError(
            f"{shown(str(package.root))}: its newest attestation has no signature to timestamp",
            hint="sign it first: archtool attest BAG --sign KEY --event TYPE",
        )
    return folders[-1]


def _refuse_archive(root: Path) -> None:
    if not root.is_dir():
        raise InputError(
            f"{shown(str(root))}: its newest attestation is in the archive, which is never changed",
            hint="attest the archive again, with a timestamp that also covers the earlier signatures: "
            "archtool attest --timestamp URL",
        )


def _find_untimestamped(
    package: LockedPackage, newest: AttestationFolder, sidecar: Path | None
) -> UntimestampedSignatures:
    attested = package.state.chain_input.attestation_files()
    signatures, unlisted = {}, {}
    for path in newest.signature_paths:
        token = timestamp_path(path)
        if token not in newest.paths:
            signatures[path] = attested[path]
        elif sidecar is None and not package.state.is_listed(token):
            unlisted[token] = attested[token]
    return UntimestampedSignatures(newest.name, signatures, unlisted, sidecar)


def add_timestamps(request: TimestampRequest, timestamp_client: TimestampClient) -> Result:
    """Request a timestamp for each signature that has none, and store it beside the signature.

    Raises:
        InputError: the package cannot be used, or it is not signed.
        MaterialRefusedError: the package has errors; the exception carries all findings.
        NoTimestampError: one of the timestamps was not received; nothing was written.
        StorageError: another run has locked the package, or the timestamps cannot be written.
    """
    # (1) lock and check the package
    with _open(request) as (package, untimestamped):
        # (2) request a timestamp for each signature; nothing is written before all are received
        received = {
            path: timestamp_client.get_timestamp(data) for path, data in untimestamped.signatures.items()
        }
        tokens = {timestamp_path(path): token for path, (token, _) in received.items()}
        # (3) write the timestamps, then the tag manifests
        _write(package, untimestamped, tokens)
    reports = {timestamp_path(path): report for path, (_, report) in received.items()}
    return _result(package, untimestamped, reports)


def make_request(request: TimestampRequest, signer: str | None = None) -> bytes:
    """Return the request for the timestamp of one signature, to be sent to an authority by other means.

    It has no nonce, because nothing stores the nonce until the response arrives.

    Raises:
        InputError: there is not exactly one signature that needs one.
    """
    with _open(request) as (package, untimestamped):
        (data,) = _choose_one(untimestamped, package.root, signer).values()
    return TimestampQuery(data, None).format()


def add_response(
    request: TimestampRequest,
    response: bytes,
    where: str,
    authorities: Authorities | None,
    signer: str | None = None,
) -> Result:
    """Store a timestamp that was received by other means beside its signature; `where` names its file.

    Raises:
        InputError: it is not a timestamp of the signature that needs one.
        StorageError: another run has locked the package, or the timestamp cannot be written.
    """
    with _open(request) as (package, untimestamped):
        ((path, data),) = _choose_one(untimestamped, package.root, signer).items()
        report = TimestampQuery(data, None).check(response, where, authorities, request.now)
        _write(package, untimestamped, {timestamp_path(path): response})
    return _result(package, untimestamped, {timestamp_path(path): report})


def _choose_one(
    untimestamped: UntimestampedSignatures, root: Path, signer: str | None
) -> Mapping[str, bytes]:
    name = shown(str(root))
    chosen = {p: d for p, d in untimestamped.signatures.items() if signer in (None, _signer_in(p))}
    if not untimestamped.signatures:
        raise InputError(f"{name}: every signature of {untimestamped.attestation} has a timestamp already")
    if len(chosen) != 1:
        names = ", ".join(_signer_in(path) for path in untimestamped.signatures)
        raise InputError(
            f"{name}: {len(chosen)} signatures match, and a request is for one",
            hint=f"name the signer: --signer NAME (one of: {names})",
        )
    return chosen


def _signer_in(signature_path: str) -> str:
    """Return the signer's name from the name of a signature file."""
    return signature_path.rpartition("/")[2].removeprefix("sha512sums.txt.").removesuffix(".sig")


def _has_untimestamped(folder: AttestationFolder) -> bool:
    return any(timestamp_path(path) not in folder.paths for path in folder.signature_paths)


def _write(
    package: LockedPackage, untimestamped: UntimestampedSignatures, tokens: Mapping[str, bytes]
) -> None:
    files = {**untimestamped.unlisted, **tokens}
    if files and untimestamped.sidecar is not None:
        package.add_to_sidecar(untimestamped.sidecar, files)
    elif files:
        package.add(files)


def _result(
    package: LockedPackage, untimestamped: UntimestampedSignatures, reports: Mapping[str, TimestampReport]
) -> Result:
    facts: dict[str, Any] = {
        "attestation": untimestamped.attestation,
        "added": [
            {
                "path": path,
                "time": report.at.isoformat() if report.at else None,
                "authority": report.authority,
                "trusted_by": report.trusted_by,
            }
            for path, report in sorted(reports.items())
        ],
        "finished": sorted(untimestamped.unlisted),
        "passed_over": [folder.name for folder in package.state.folders[:-1] if _has_untimestamped(folder)],
        "sidecar": str(untimestamped.sidecar) if untimestamped.sidecar is not None else None,
    }
    return Result(RESULT_SCHEMA, str(package.root), (), {}, facts)
