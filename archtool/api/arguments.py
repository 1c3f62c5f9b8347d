"""What the public functions accept: paths as text or `Path`, aware times, profiles as files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from archtool.bagit.profile import Profile
from archtool.errors import UsageError
from archtool.operations.trust.trust_files import TrustFiles

AnyPath = str | os.PathLike[str]


def path_of(given: AnyPath) -> Path:
    """Return a path.

    Raises:
        UsageError: it contains a zero byte.
    """
    if "\0" in str(given):
        raise UsageError(f"not a path: {str(given)!r}", hint="no name of a file contains a zero byte")
    return Path(given)


def path_or_none(given: AnyPath | None) -> Path | None:
    """Return a path, or `None` if none is given."""
    return None if given is None else path_of(given)


def paths_of(given: AnyPath | Iterable[AnyPath]) -> Sequence[Path]:
    """Return one path or several as a list."""
    return [path_of(given)] if isinstance(given, str | os.PathLike) else [path_of(one) for one in given]


def trust_files(
    trust: AnyPath | None, revoked: AnyPath | None, tsa_roots: AnyPath | None, policy: AnyPath | None
) -> TrustFiles:
    """Return the files that say whom to trust."""
    return TrustFiles(
        path_or_none(trust), path_or_none(revoked), path_or_none(tsa_roots), path_or_none(policy)
    )


def read_profile(given: AnyPath | None) -> Profile | None:
    """Read the BagIt profile that a package must meet, or return `None` if none is given.

    Raises:
        InputError: the profile cannot be read.
    """
    if given is None:
        return None
    # lazy: most calls have no profile
    from archtool.operations.pack.profile.target_profile import read_target_profile

    return read_target_profile(path_of(given))


def moment(given: datetime | None) -> datetime:
    """Return a time in UTC, in whole seconds; `None` means now.

    Raises:
        UsageError: it has no time zone.
    """
    if given is None:
        return datetime.now(UTC).replace(microsecond=0)
    if given.tzinfo is None:
        raise UsageError(f"the time {given.isoformat()} has no time zone", hint="give an aware datetime")
    return given.astimezone(UTC).replace(microsecond=0)
