"""The process in which fido runs: paths on stdin, separated by NUL; one JSON object on stdout."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from fido.fido import Fido, defaults
from fido.versions import get_local_versions

from fido import __version__


class _Matches:
    """Collects what fido finds in one file."""

    def __init__(self) -> None:
        self.formats: list[dict[str, Any]] = []

    def handle(self, _name: str, matches: list[Any], _seconds: float, kind: str = "") -> None:
        """Keep the formats of a file; fido calls this once for each file that it can read."""
        for element, _ in matches:
            fields = {name: element.findtext(tag) or None for name, tag in _TAGS.items()}
            self.formats.append(fields | {"name": fields["name"] or "", "basis": kind})


_TAGS = {"key": "puid", "name": "name", "version": "version", "media_type": "mime"}


def main() -> None:
    """Identify the files whose paths are on stdin."""
    matches = _Matches()
    with contextlib.redirect_stdout(sys.stderr):  # fido prints warnings
        versions = get_local_versions()
        signatures = versions.pronom_signature, versions.fido_extension_signature
        # fido's own program sets this as well; its default names a file that is not installed
        defaults["containersignature_file"] = versions.pronom_container_signature
        fido = Fido(quiet=True, handle_matches=matches.handle, format_files=list(signatures))
        files = []
        for name in sys.stdin.buffer.read().split(b"\0"):
            if name:
                path = os.fsdecode(name)
                matches.formats = []
                with contextlib.suppress(Exception):  # a file that fido cannot parse has no format
                    fido.identify_file(path)
                files.append([_size(path), matches.formats])
    sys.stdout.write(json.dumps({"tool": f"fido {__version__}, {signatures[0]}", "files": files}))


def _size(path: str) -> int | None:
    try:
        return Path(path).stat().st_size
    except OSError:
        return None


if __name__ == "__main__":
    main()
