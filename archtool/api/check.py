"""`archtool.check`: what keeps a description from being packed."""

from __future__ import annotations

from archtool.api.arguments import AnyPath, path_of, path_or_none, read_profile
from archtool.operations.pack.check import CheckRequest
from archtool.operations.pack.check import check as run
from archtool.results import Result


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
    request = CheckRequest(
        path_of(description),
        path_or_none(files),
        path_or_none(library),
        strict=strict,
        profile=read_profile(profile),
    )
    return run(request)
