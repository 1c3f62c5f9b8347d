"""The value of an option that names a character encoding."""

from __future__ import annotations

from archtool.encodings import COMMON_ENCODINGS, find_encoding
from archtool.errors import UsageError
from archtool.files.paths import shown


def parse_encoding(name: str | None, option: str = "--encoding") -> str | None:
    """Return the usual name of the encoding that an option names; `None` without one.

    Raises:
        UsageError: there is no such encoding; the hint names similar ones.
    """
    if name is None:
        return None
    found = find_encoding(name)
    if found is None:
        import difflib  # lazy: 4 ms, only an unknown name needs it

        close = difflib.get_close_matches(name.strip().lower(), COMMON_ENCODINGS, n=3, cutoff=0.5)
        meant = close or ["windows-1252", "mac-roman", "utf-16"]
        raise UsageError(
            f"{option}: there is no character encoding “{shown(name)}”",
            hint=f"{'did you mean' if close else 'write, for instance,'} {' or '.join(meant)}"
            f"{'?' if close else ''}",
        )
    return found
