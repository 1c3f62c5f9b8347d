"""Checks how texts and file names in all scripts get to the screen, and which variables are set."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping

from archtool.operations.doctor.model import Check, Surroundings, passed, warned

_AREA = "terminal"
_NARROW_COLUMNS = 60
_READ = (
    "SOURCE_DATE_EPOCH",
    "SSH_AUTH_SOCK",
    "NO_COLOR",
    "COLUMNS",
    "PYTHONUTF8",
    "TMPDIR",
)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_SECRET_NAME = re.compile(r"PASS(?:WORD|PHRASE|WD)?$|SECRET|TOKEN|CREDENTIAL", re.IGNORECASE)
_USER_INFO = re.compile(r"//[^/@\s]*@")
_SECRET_QUERY = re.compile(r"(?i)([?&][^=&\s]*(?:key|token|secret|sig|password)[^=&\s]*=)[^&\s]+")
MASK = "****"


def check_terminal(surroundings: Surroundings) -> Iterator[Check]:
    """Check the encodings of the screen and of file names, and the width of the window."""
    terminal = surroundings.terminal
    locale = terminal.locale or "none"
    if not _is_utf8(terminal.file_name_encoding):
        yield warned(
            _AREA,
            f"file names are read as {terminal.file_name_encoding} (locale: {locale}): others are shown as"
            " codes",
            "export LC_ALL=C.UTF-8",
        )
    elif terminal.locale and not _names_utf8(terminal.locale):
        yield warned(
            _AREA,
            f"archtool writes UTF-8, and the locale is {locale}: a terminal in another encoding shows"
            " accents wrongly",
            "export LC_ALL=C.UTF-8",
        )
    else:
        yield passed(_AREA, f"texts and file names are UTF-8 (locale: {locale})")
    if terminal.columns is not None and terminal.columns < _NARROW_COLUMNS:
        yield warned(_AREA, f"the window has {terminal.columns} columns: tables are cut", "make it wider")


def check_variables(surroundings: Surroundings) -> Iterator[Check]:
    """List the variables that change what archtool does, and the values of the configuration."""
    environment = surroundings.environment
    names = sorted(
        name
        for name in environment
        if name.startswith("ARCHTOOL_") or name in _READ or name.lower() in _PROXIES
    )
    shown = [f"{name}={masked(environment, name)}" for name in names]
    yield passed("settings", f"variables: {', '.join(shown)}" if shown else "no variable changes a command")
    yield from (passed("settings", line) for line in surroundings.configuration)
    if not surroundings.configuration:
        yield passed("settings", "no configuration sets an option")


def masked(environment: Mapping[str, str], name: str) -> str:
    """Return the value of a variable without passwords: of an address, or all of it if the name says so."""
    value = environment[name]
    if _SECRET_NAME.search(name):
        return MASK
    return _SECRET_QUERY.sub(rf"\g<1>{MASK}", _USER_INFO.sub(f"//{MASK}@", value))


def _names_utf8(locale: str) -> bool:
    """Whether a locale promises a terminal in UTF-8; the locale C promises nothing."""
    encoding = locale.partition(".")[2].partition("@")[0]
    return locale in ("C", "POSIX") or encoding.lower().replace("-", "") == "utf8"


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False
