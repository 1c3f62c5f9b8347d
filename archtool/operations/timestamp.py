"""Adds timestamps to the signatures of a package that have none, in numbered steps.

Only to those of its newest attestation: a file that came into the folder of an earlier one would be in no
checksum list that somebody signed. It is not needed there either: what the newest attestation's signatures
cover was there before them, the earlier signatures too. Where somebody else made the newest one, a new
attestation (`archtool attest`) covers all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.errors import InputError
from archtool.fixity.paths import shown
from archtool.operations.changing import Changing, changing
from archtool.operations.places import find_sidecar
from archtool.operations.retag import add_tag_files, extend_tag_manifests
from archtool.operations.sidecar import read_sidecar
from archtool.operations.stamping import Stamper
from archtool.results import Result
from archtool.trust.certificates import Authorities
from archtool.trust.layout import Folder, timestamp_path
from archtool.trust.report import TimestampReport
from archtool.trust.timestamp_request import TimestampQuestion

RESULT_SCHEMA = "archtool/timestamp/1"


@dataclass(frozen=True, slots=True)
class Unstamped:
    """The signatures of a package's newest attestation that have no timestamp."""

    attestation: str
    """The folder's name."""
    signatures: Mapping[str, bytes]
    """By their paths in the package."""
    unlisted: Mapping[str, bytes]
    """Timestamps that are there and in no tag manifest: a run was killed between the two."""


def find_unstamped(bag: Changing) -> Unstamped:
    """Look for signatures that have no timestamp.

    Raises:
        InputError: nobody has signed the package, or its chain goes on beside it.
    """
    _refuse_sidecar(bag.root)
    newest = _newest(bag)
    signatures, unlisted = {}, {}
    for path in newest.signature_paths:
        token = timestamp_path(path)
        if token not in newest.paths:
            signatures[path] = bag.attested[path]
        elif not bag.is_listed(token):
            unlisted[token] = bag.attested[token]
    return Unstamped(newest.name, signatures, unlisted)


def _refuse_sidecar(root: Path) -> None:
    beside = find_sidecar(root)
    if beside is not None and read_sidecar(beside).files:
        raise InputError(
            f"the chain of {shown(str(root))} goes on in {shown(str(beside))}, and covers no file that comes "
            "into the package now",
            hint="merge it first (archtool attest --merge-sidecar), or stamp what you attest there: "
            "archtool attest --timestamp URL",
        )


def _newest(bag: Changing) -> Folder:
    if not bag.folders or not bag.folders[-1].signature_paths:
        raise InputError(
            f"{shown(str(bag.root))}: its newest attestation is not signed: there is nothing to stamp",
            hint="sign it first: archtool attest BAG --sign KEY --event TYPE",
        )
    return bag.folders[-1]


def add_timestamps(root: Path, stamper: Stamper, now: datetime) -> Result:
    """Ask for a timestamp of each signature that has none, and put them into the package.

    Raises:
        InputError: the package cannot be used, or nobody has signed it.
        NoTimestampError: one of the timestamps could not be had; nothing was written.
        StorageError: they cannot be written.
    """
    # (1) what is there, and whether it holds
    with changing(root, now) as bag:
        unstamped = find_unstamped(bag)
        # (2) a timestamp for each signature; nothing is written before all are there
        got = {path: stamper.stamp(data) for path, data in unstamped.signatures.items()}
        tokens = {timestamp_path(path): token for path, (token, _) in got.items()}
        # (3) the timestamps, then the tag manifests
        _write(bag, {**unstamped.unlisted, **tokens})
    reports = {timestamp_path(path): report for path, (_, report) in got.items()}
    return _result(bag, unstamped, reports)


def make_request(root: Path, now: datetime, signer: str | None = None) -> bytes:
    """The request for the timestamp of one signature, to be carried to an authority by hand.

    It holds no nonce: nobody would remember it until the answer comes.

    Raises:
        InputError: there is not exactly one signature that needs one.
    """
    with changing(root, now) as bag:
        (data,) = _one_of(find_unstamped(bag), bag.root, signer).values()
    return TimestampQuestion(data, None).format()


def add_response(
    root: Path,
    answer: bytes,
    where: str,
    authorities: Authorities | None,
    now: datetime,
    signer: str | None = None,
) -> Result:
    """Put a timestamp that was carried here by hand into the package.

    Raises:
        InputError: it is none, or not of the signature that needs one.
        StorageError: it cannot be written.
    """
    with changing(root, now) as bag:
        unstamped = find_unstamped(bag)
        ((path, data),) = _one_of(unstamped, bag.root, signer).items()
        report = TimestampQuestion(data, None).check(answer, where, authorities, now)
        _write(bag, {**unstamped.unlisted, timestamp_path(path): answer})
    return _result(bag, unstamped, {timestamp_path(path): report})


def _one_of(unstamped: Unstamped, root: Path, signer: str | None) -> Mapping[str, bytes]:
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


def _has_unstamped(folder: Folder) -> bool:
    return any(timestamp_path(path) not in folder.paths for path in folder.signature_paths)


def _write(bag: Changing, files: Mapping[str, bytes]) -> None:
    if files:
        add_tag_files(bag.root, files, extend_tag_manifests(bag.tag_manifests, files))


def _result(bag: Changing, unstamped: Unstamped, reports: Mapping[str, TimestampReport]) -> Result:
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
        "passed_over": [folder.name for folder in bag.folders[:-1] if _has_unstamped(folder)],
    }
    return Result(RESULT_SCHEMA, str(bag.root), (), {}, facts)
