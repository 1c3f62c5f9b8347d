"""What a failing write means for whoever asked for it: the surroundings failed, not the material."""

from __future__ import annotations

from pathlib import Path

from archtool.errors import StorageError
from archtool.fixity.paths import shown


class storing:  # noqa: N801 - reads as a phrase: `with storing(target):`
    """Turns an `OSError` of a write into a `StorageError` that names the target."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise StorageError(
                f"cannot write {shown(str(self.target))}: {error.strerror or error}",
                hint="free some space or choose another target; nothing was changed",
            ) from error
