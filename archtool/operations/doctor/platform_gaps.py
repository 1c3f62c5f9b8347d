"""States what this system lacks, and what archtool does without it."""

from __future__ import annotations

import os
import platform
import socket
import sys
from collections.abc import Iterator

from archtool.files.hashing.readahead import CAN_REQUEST
from archtool.files.tree import HAS_HANDLES
from archtool.operations.doctor.model import Check, passed, warned

_AREA = "platform"


def check_platform() -> Iterator[Check]:
    """Return one check for each gap, or one that says that there is none."""
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    gaps = [warned(_AREA, f"{lack}: {instead}") for is_there, lack, instead in _abilities() if not is_there]
    yield passed(_AREA, f"{system}: {'nothing is given up' if not gaps else 'archtool runs, and gives up:'}")
    yield from gaps


def _abilities() -> Iterator[tuple[bool, str, str]]:
    """Yield whether an ability is there, how its lack is called, and what happens instead."""
    yield (
        HAS_HANDLES,
        "no folder handles",
        "a folder that another program replaces by a link during a run is not noticed",
    )
    yield (
        hasattr(os, "O_NOFOLLOW"),
        "no O_NOFOLLOW",
        "a file that another program replaces by a link during a run is not noticed",
    )
    yield hasattr(os, "fork"), "no fork", "files and bags are read one at a time, in one process"
    yield CAN_REQUEST, "no posix_fadvise", "many small files on a slow disk are read more slowly"
    yield (
        sys.platform == "linux",
        "no renameat2",
        "a target that appears during a run is noticed before the rename, not in it",
    )
    yield (
        os.name == "posix",
        "folders can be neither locked nor flushed",
        "after a power failure the last rename can be lost; keep two runs off one package yourself",
    )
    yield hasattr(socket, "AF_UNIX"), "no Unix sockets", "keys in an ssh-agent cannot sign"
    yield (
        hasattr(os, "sched_getaffinity"),
        "the cores that this process may use are not known",
        "all cores of the machine are used; limit them with --jobs",
    )
