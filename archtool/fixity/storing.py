"""What a failing write means for whoever asked for it: the surroundings failed, not the material."""

from __future__ import annotations

from pathlib import Path

from archtool.errors import StorageError
from archtool.fixity.on_disk import NotOnDiskError
from archtool.fixity.paths import shown


class storing:  # noqa: N801 - reads as a phrase: `with storing(target):`
    """Turns an `OSError` of a write into a `StorageError` that names the target."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise cannot_write(self.target, error) from error


def cannot_write(target: Path | str, error: OSError) -> StorageError:
    """Return the error instead of raising it, for hot loops."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(target, error)
    return StorageError(
        f"cannot write {shown(str(target))}: {error.strerror or error}",
        hint="free some space or choose another target; nothing was changed",
    )


def not_confirmed(target: Path | str, error: OSError) -> StorageError:
    """The error for what is in place, and may not be on the disk: past this point nothing is undone."""
    return StorageError(
        f"{shown(str(target))} is in place, but it is not known to be on the disk: {error.strerror or error}",
        hint="check the disk, then run the same command again: it takes what is there for its own work",
    )
