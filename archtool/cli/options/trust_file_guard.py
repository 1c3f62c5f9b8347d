"""Whom to believe is never taken from a package: who can change a package can change what lies in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from archtool.cli.options import config
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.open_package.package_paths import sidecar_of


def refuse_inside(bags: Iterable[Path], named: Mapping[str, Path | None]) -> None:
    """Refuse a file on trust that lies in one of these bags, or in a sidecar beside it.

    `named` is what the files are for → their paths, by whichever way they were given. A configuration that
    was consulted is looked at too.

    Raises:
        UsageError: one lies there, or a link to it does, or it is a link into there.
    """
    files = {what: path for what, path in named.items() if path is not None}
    consulted = config.consulted()
    if consulted is not None:
        files["the configuration"] = consulted
    places = [(what, path, _ways_to(path)) for what, path in files.items()]
    for bag in bags if places else ():
        for folder in (bag, sidecar_of(bag)):
            ways = _ways_to(folder)
            for what, path, ways_there in places:
                if any(there.is_relative_to(way) for there, way in zip(ways_there, ways, strict=True)):
                    raise UsageError(
                        f"{what} must come from elsewhere: {shown(str(path))} lies in {shown(str(folder))}",
                        hint="who can change a package can change what lies in it: keep a copy outside",
                    )


def _ways_to(path: Path) -> tuple[Path, Path]:
    """As it is called, and where that leads: a link on either side changes nothing."""
    return Path(os.path.abspath(path)), Path(os.path.realpath(path))  # noqa: PTH100 - `..` is taken out too
