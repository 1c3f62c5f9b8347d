"""archtool: validated, signed BagIt packages for transcriptions of historical documents.

This module is the public API: the functions below, the results that they return and the errors that they
raise. Everything in the packages beside it is private and can change in any version.

    >>> import archtool
    >>> archtool.check("letter/description.yaml").exit_code
    <ExitCode.DONE: 0>
    >>> made = archtool.pack("letter/description.yaml", "letter-package", sign="archivist-key")
    >>> made.facts["title"]
    'Letter of the bureau to the sections'
    >>> verified = archtool.verify("letter-package", trust="allowed_signers")
    >>> dict(verified.verdict)
    {'bag': 'valid', 'content': 'consistent', 'trust': 'trusted'}
    >>> archtool.read_package("letter-package").citation
    'Cahiers, no 3 (1979), pp. 12-14.'

The state of a package, however damaged, is in the findings of a `Result`. An `ArchtoolError` says that
something could not be done: `message` says what and where, `hint` what to do, `exit_code` the exit code for a
script. Paths are text or `Path`; times are aware.

Importing this module imports nothing else of archtool: each function imports what it needs when it is called.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` itself takes 2 ms to import
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from archtool.bagit.profile import Profile
    from archtool.errors import (
        ArchtoolError,
        InputError,
        MaterialRefusedError,
        MissingPartError,
        ReadFailedError,
        SourceChangedError,
        StorageError,
        UsageError,
    )
    from archtool.exit_codes import ExitCode
    from archtool.findings import Finding, Place, Severity
    from archtool.report.package_view import PackageView
    from archtool.results import Result

    AnyPath = str | os.PathLike[str]

__version__ = "0.1.0"
"""The only place where the version is written: the build reads it from here."""

__all__ = [
    "ArchtoolError", "ExitCode", "Finding", "InputError", "MaterialRefusedError", "MissingPartError",
    "PackageView", "Place", "ReadFailedError", "Result", "Severity", "SourceChangedError", "StorageError",
    "UsageError", "__version__", "attest", "audit", "check", "pack", "read_package", "verify",
]  # fmt: skip


def check(
    description: AnyPath,
    *,
    files: AnyPath | None = None,
    library: AnyPath | None = None,
    profile: AnyPath | None = None,
    strict: bool = False,
) -> Result:
    """Check a description and every file that it names, and write nothing.

    `files` is the folder of the declared files, if not the description's own; `library` a CSL-JSON library;
    `profile` a BagIt profile that the package would have to meet. `strict` counts warnings as problems.

    Raises:
        InputError: the description, its library, its folder or the profile cannot be read.
    """
    from archtool.operations.pack.check import CheckRequest
    from archtool.operations.pack.check import check as run

    request = CheckRequest(
        _path(description),
        _path_or_none(files),
        _path_or_none(library),
        strict=strict,
        profile=_target_profile(profile),
    )
    return run(request)


def pack(
    description: AnyPath,
    package: AnyPath,
    *,
    sign: AnyPath | Iterable[AnyPath] = (),
    signers: Iterable[str] = (),
    passphrase: str | None = None,
    date: datetime | None = None,
    algorithms: Iterable[str] | None = None,
    files: AnyPath | None = None,
    library: AnyPath | None = None,
    keep_times: bool = False,
    crate: bool = False,
    profile: AnyPath | None = None,
    replace: bool = False,
    strict: bool = False,
) -> Result:
    """Make a package from a description and the files that it names.

    The package appears whole or not at all, and the sources are never changed. It is a folder, or an archive
    if the name ends in `.tar` or `.zip`. `sign` names the private keys, `signers` who signs (by default the
    keys' comments). `date` is the package's date, by default now. `profile` is a BagIt profile to meet, and
    `algorithms` are by default its own, or SHA-512. Equal input gives equal bytes. `keep_times` records the
    files' times; `crate` makes the payload an RO-Crate; `replace` replaces an older package.

    Raises:
        MaterialRefusedError: the description or its files have faults; its `findings` list them.
        InputError: a key or the description cannot be read.
        UsageError: the target exists, or lies inside the sources.
        SourceChangedError: a source changed while it was read.
        StorageError: the package cannot be written.
    """
    from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
    from archtool.operations.pack.pack import pack as run
    from archtool.operations.pack.request import PackRequest
    from archtool.operations.pack.targets import choose_format
    from archtool.operations.trust.signing_keys import load_signers

    target = _path(package)
    default = () if profile is not None else (DEFAULT_ALGORITHM.value,)
    request = PackRequest(
        description_path=_path(description),
        target=target,
        packaged_at=_moment(date),
        software_version=__version__,
        archive=choose_format(target, None),
        files_root=_path_or_none(files),
        library=_path_or_none(library),
        algorithms=tuple(map(Algorithm.parse, algorithms or default)),
        profile=_target_profile(profile),
        signers=load_signers(_paths(sign), tuple(signers), passphrase),
        keep_times=keep_times,
        has_crate=crate,
        replace=replace,
        strict=strict,
    )
    return run(request)


def verify(
    bag: AnyPath,
    *,
    trust: AnyPath | None = None,
    revoked: AnyPath | None = None,
    tsa_roots: AnyPath | None = None,
    policy: AnyPath | None = None,
    at: datetime | None = None,
    jobs: int = 1,
    strict: bool = False,
) -> Result:
    """Verify a package or any other BagIt bag, a folder or an archive, and report every finding.

    `verdict` of the result has three answers: `bag`, `content` and `trust`. `trust` is the path of an
    `allowed_signers` file, `revoked` of a list of revoked keys, `tsa_roots` of the root certificates of
    timestamp authorities, `policy` of a policy. Without `trust` no key is trusted, and the answer is
    `not-asked`. `at` is the moment at which keys must be valid, by default now. `jobs` processes read the
    files; in a program with threads it is one.

    Raises:
        InputError: one of the files about trust cannot be read. What the bag is like is never an error.
        UsageError: one of them lies in the bag.
    """
    from archtool.files.workers.concurrency import Concurrency
    from archtool.operations.trust.trust_files import TrustFiles, load_trust
    from archtool.operations.verify.request import VerifyRequest
    from archtool.operations.verify.verify import verify as run

    root = _path(bag)
    files = TrustFiles(*map(_path_or_none, (trust, revoked, tsa_roots, policy)))
    request = VerifyRequest(root, _moment(at), load_trust((root,), files), Concurrency(jobs), strict)
    return run(request)


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
    from archtool.attestations.statements.claim import Claim
    from archtool.operations.attest.attest import attest as run
    from archtool.operations.attest.request import AttestRequest
    from archtool.operations.trust.signing_keys import load_signers

    request = AttestRequest(
        root=_path(package),
        claim=Claim.of(event, note, details),
        signers=load_signers(_paths(sign), tuple(signers), passphrase),
        claimed_at=_moment(date),
        now=_moment(None),
        software_version=__version__,
    )
    return run(request, _say_nothing)


def audit(
    register: AnyPath,
    *,
    agent: str,
    everything: bool = False,
    holdings: Iterable[str] = (),
    quick: bool = False,
    trust: AnyPath | None = None,
    revoked: AnyPath | None = None,
    tsa_roots: AnyPath | None = None,
    policy: AnyPath | None = None,
    strict: bool = False,
) -> Mapping[str, Any]:
    """Check the copies of a register of holdings that are due, and record each check.

    `register` is the file that `archtool holdings init` made, `agent` the person or account that answers for
    what is recorded. With `everything` all copies are checked, with `holdings` only those of these names, due
    or not. `quick` looks at names and sizes only. The files about trust are those of `verify`; with `strict`
    warnings count as problems. An audit that was stopped is resumed by the same call.

    Returns the object that `archtool audit --json` prints. Its `exit_code` is 0 if nothing is wrong; `counts`
    has the copies by state, `failures` the first 1,000 that are not in order, with what was found.

    Raises:
        InputError: there is no register, it does not know a holding, or a file about trust cannot be read.
        UsageError: a file about trust lies in a registered package.
        StorageError: the register is locked, read-only or damaged, or its disk is full.
    """
    from archtool.batch.audit.in_process import AuditCall, audit_in_process
    from archtool.operations.trust.trust_files import TrustFiles
    from archtool.report.holdings.audit_json import audit_object, exit_code_of_audit

    call = AuditCall(
        register=_path(register),
        agent=agent,
        software=f"archtool {__version__}",
        everything=everything,
        holdings=tuple(holdings),
        quick=quick,
        strict=strict,
        trust=TrustFiles(*map(_path_or_none, (trust, revoked, tsa_roots, policy))),
    )
    report = audit_in_process(call)
    return audit_object(report, exit_code_of_audit(report, strict=strict))


def read_package(package: AnyPath, *, trust: AnyPath | None = None) -> PackageView:
    """Read what a package says about itself: description, citation, attestations. The payload is not read.

    The metadata is compared with its digests and signatures; `findings` lists what differs. `description` and
    `citation` are `None` for a bag that archtool did not make.

    Raises:
        InputError: there is no bag, or the list of allowed signers cannot be read.
    """
    from archtool.operations.show import show
    from archtool.operations.trust.trust_files import TrustFiles, load_trust

    root = _path(package)
    return show(root, load_trust((root,), TrustFiles(_path_or_none(trust))), _moment(None))


def __getattr__(name: str) -> object:
    """Import a class of the public API when it is first used."""
    import importlib

    module = _CLASSES.get(name)
    if module is None:
        raise AttributeError(f"module 'archtool' has no attribute {name!r}")
    return getattr(importlib.import_module(module), name)


_CLASSES = {
    **dict.fromkeys(
        ("ArchtoolError", "InputError", "MaterialRefusedError", "MissingPartError", "ReadFailedError",
         "SourceChangedError", "StorageError", "UsageError"),
        "archtool.errors",
    ),
    **dict.fromkeys(("Finding", "Place", "Severity"), "archtool.findings"),
    "ExitCode": "archtool.exit_codes",
    "PackageView": "archtool.report.package_view",
    "Result": "archtool.results",
}  # fmt: skip


def _path(given: AnyPath) -> Path:
    from pathlib import Path

    if "\0" in str(given):
        from archtool.errors import UsageError

        raise UsageError(f"not a path: {str(given)!r}", hint="no name of a file contains a zero byte")
    return Path(given)


def _path_or_none(given: AnyPath | None) -> Path | None:
    return None if given is None else _path(given)


def _target_profile(given: AnyPath | None) -> Profile | None:
    if given is None:
        return None
    from archtool.operations.pack.profile.target_profile import read_target_profile

    return read_target_profile(_path(given))


def _paths(given: AnyPath | Iterable[AnyPath]) -> Sequence[Path]:
    import os

    return [_path(given)] if isinstance(given, str | os.PathLike) else [_path(one) for one in given]


def _moment(given: datetime | None) -> datetime:
    from datetime import UTC, datetime

    if given is None:
        return datetime.now(UTC).replace(microsecond=0)
    if given.tzinfo is None:
        from archtool.errors import UsageError

        raise UsageError(f"the time {given.isoformat()} has no time zone", hint="give an aware datetime")
    return given.astimezone(UTC).replace(microsecond=0)


def _say_nothing(_message: str) -> None:
    """Take the place of the command line's messages."""
