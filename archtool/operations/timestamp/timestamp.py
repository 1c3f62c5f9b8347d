"""Adds timestamps to the signatures of a package that have none, in numbered steps.

Only to those of its newest attestation: a file that came into the folder of an earlier one would be in no
checksum list that somebody signed. It is not needed there either: what the newest attestation's signatures
cover was there before them, the earlier signatures too. Where somebody else made the newest one, a new
attestation (`archtool attest`) covers all.

A timestamp is put where its signature is: into the package, or into the sidecar beside it.
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
    """Which package's signatures get timestamps."""

    root: Path
    now: datetime
    """Aware: the moment of looking."""
    lock: Lock
    sidecar: Path | None = None
    """Where the sidecar lies, if not beside the package."""
    limits: Limits = field(default_factory=Limits)
    """How far an archive may go before it is refused."""


@dataclass(frozen=True, slots=True)
class UntimestampedSignatures:
    """The signatures of a package's newest attestation that have no timestamp."""

    attestation: str
    """The folder's name."""
    signatures: Mapping[str, bytes]
    """By their paths in the package."""
    unlisted: Mapping[str, bytes]
    """Timestamps that are there and in no tag manifest: a run was killed between the two."""
    sidecar: Path | None = None
    """Where the attestation lies, if not in the package."""


@contextmanager
def _opened(request: TimestampRequest) -> Iterator[tuple[LockedPackage, UntimestampedSignatures]]:
    """Lock the package, and find the signatures that have no timestamp.

    Raises:
        InputError: nobody has signed the package, or nothing can be added where the signatures are.
    """
    sidecar = find_sidecar(request.root, request.sidecar)
    with open_locked(request.root, request.now, request.lock, sidecar, request.limits) as package:
        evidence = package.standing.evidence
        if not evidence.sidecar_files and package.root.is_dir():
            package.check_addable()
        newest = _newest(package)
        is_beside = newest.paths.isdisjoint(evidence.files)
        if not is_beside:
            _refuse_archive(package.root)
            package.check_addable()
        yield package, _find_unstamped(package, newest, sidecar if is_beside else None)


def _newest(package: LockedPackage) -> AttestationFolder:
    folders = package.standing.folders
    if not folders or not folders[-1].signature_paths:
        raise InputError(
            f"{shown(str(package.root))}: its newest attestation is not signed: there is nothing to stamp",
            hint="sign it first: archtool attest BAG --sign KEY --event TYPE",
        )
    return folders[-1]


def _refuse_archive(root: Path) -> None:
    if not root.is_dir():
        raise InputError(
            f"{shown(str(root))}: its newest attestation lies in the archive, which is never changed",
            hint="attest it beside the archive, with a timestamp that covers the earlier signatures too: "
            "archtool attest --timestamp URL",
        )


def _find_unstamped(
    package: LockedPackage, newest: AttestationFolder, sidecar: Path | None
) -> UntimestampedSignatures:
    attested = package.standing.evidence.attestation_files()
    signatures, unlisted = {}, {}
    for path in newest.signature_paths:
        token = timestamp_path(path)
        if token not in newest.paths:
            signatures[path] = attested[path]
        elif sidecar is None and not package.standing.is_listed(token):
            unlisted[token] = attested[token]
    return UntimestampedSignatures(newest.name, signatures, unlisted, sidecar)


def add_timestamps(request: TimestampRequest, timestamp_client: TimestampClient) -> Result:
    """Ask for a timestamp of each signature that has none, and put them beside the signatures.

    Raises:
        InputError: the package cannot be used, or nobody has signed it.
        NoTimestampError: one of the timestamps could not be had; nothing was written.
        StorageError: another run holds the package, or the timestamps cannot be written.
    """
    # (1) what is there, and whether it holds
    with _opened(request) as (package, unstamped):
        # (2) a timestamp for each signature; nothing is written before all are there
        got = {path: timestamp_client.stamp(data) for path, data in unstamped.signatures.items()}
        tokens = {timestamp_path(path): token for path, (token, _) in got.items()}
        # (3) the timestamps, then the tag manifests
        _write(package, unstamped, tokens)
    reports = {timestamp_path(path): report for path, (_, report) in got.items()}
    return _result(package, unstamped, reports)


def make_request(request: TimestampRequest, signer: str | None = None) -> bytes:
    """The request for the timestamp of one signature, to be carried to an authority by hand.

    It holds no nonce: nobody would remember it until the answer comes.

    Raises:
        InputError: there is not exactly one signature that needs one.
    """
    with _opened(request) as (package, unstamped):
        (data,) = _one_of(unstamped, package.root, signer).values()
    return TimestampQuery(data, None).format()


def add_response(
    request: TimestampRequest,
    answer: bytes,
    where: str,
    authorities: Authorities | None,
    signer: str | None = None,
) -> Result:
    """Put a timestamp that was carried here by hand beside its signature.

    Raises:
        InputError: it is none, or not of the signature that needs one.
        StorageError: another run holds the package, or the timestamp cannot be written.
    """
    with _opened(request) as (package, unstamped):
        ((path, data),) = _one_of(unstamped, package.root, signer).items()
        report = TimestampQuery(data, None).check(answer, where, authorities, request.now)
        _write(package, unstamped, {timestamp_path(path): answer})
    return _result(package, unstamped, {timestamp_path(path): report})


def _one_of(unstamped: UntimestampedSignatures, root: Path, signer: str | None) -> Mapping[str, bytes]:
    name = shown(str(root))
    chosen = {p: d for p, d in unstamped.signatures.items() if signer in (None, _signer_in(p))}
    if not unstamped.signatures:
        raise InputError(f"{name}: every signature of {unstamped.attestation} has a timestamp already")
    if len(chosen) != 1:
        names = ", ".join(_signer_in(path) for path in unstamped.signatures)
        raise InputError(
            f"{name}: {len(chosen)} signatures would be meant, and a request is for one",
            hint=f"name the signer: --signer NAME (one of: {names})",
        )
    return chosen


def _signer_in(signature_path: str) -> str:
    """What a signature's file calls its signer."""
    return signature_path.rpartition("/")[2].removeprefix("sha512sums.txt.").removesuffix(".sig")


def _has_unstamped(folder: AttestationFolder) -> bool:
    return any(timestamp_path(path) not in folder.paths for path in folder.signature_paths)


def _write(package: LockedPackage, unstamped: UntimestampedSignatures, tokens: Mapping[str, bytes]) -> None:
    files = {**unstamped.unlisted, **tokens}
    if files and unstamped.sidecar is not None:
        package.add_beside(unstamped.sidecar, files)
    elif files:
        package.add(files)


def _result(
    package: LockedPackage, unstamped: UntimestampedSignatures, reports: Mapping[str, TimestampReport]
) -> Result:
    facts: dict[str, Any] = {
        "attestation": unstamped.attestation,
        "added": [
            {
                "path": path,
                "time": report.at.isoformat() if report.at else None,
                "authority": report.authority,
                "trusted_by": report.trusted_by,
            }
            for path, report in sorted(reports.items())
        ],
        "finished": sorted(unstamped.unlisted),
        "passed_over": [folder.name for folder in package.standing.folders[:-1] if _has_unstamped(folder)],
        "sidecar": str(unstamped.sidecar) if unstamped.sidecar is not None else None,
    }
    return Result(RESULT_SCHEMA, str(package.root), (), {}, facts)
