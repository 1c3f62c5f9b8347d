"""`archtool.pack`: makes a package."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archtool import __version__
from archtool.api.arguments import AnyPath, moment, path_of, path_or_none, paths_of, read_profile
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.operations.pack.pack import pack as run
from archtool.operations.pack.request import PackRequest
from archtool.operations.pack.targets import choose_format
from archtool.operations.trust.signing_keys import load_signers
from archtool.results import Result


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
    target = path_of(package)
    default = () if profile is not None else (DEFAULT_ALGORITHM.value,)
    request = PackRequest(
        description_path=path_of(description),
        target=target,
        packaged_at=moment(date),
        software_version=__version__,
        archive=choose_format(target, None),
        files_root=path_or_none(files),
        library=path_or_none(library),
        algorithms=tuple(map(Algorithm.parse, algorithms or default)),
        profile=read_profile(profile),
        signers=load_signers(paths_of(sign), tuple(signers), passphrase),
        keep_times=keep_times,
        has_crate=crate,
        replace=replace,
        strict=strict,
    )
    return run(request)
