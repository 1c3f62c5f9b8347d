"""The keys of the configuration: what each means, and in which files it counts.

Only what is the same from run to run has a key. These never have one: a key to sign with (a person signs,
not a file), a passphrase, `--force`, an option that leaves a check out, and the order of dates, which is a
fact about one table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from archtool.cli.defaults import MAX_JOBS

VARIABLE_PREFIX = "ARCHTOOL_"
TRUSTED_FOLDERS = "trusted-folders"
REGISTER = "register"
_STRONG = ("sha256", "sha384", "sha512", "sha3256", "sha3512", "blake2b512", "blake2s256")


class ValueKind(Enum):
    """What the value of a key must be."""

    FILE = "a path"
    FOLDERS = "a list of paths"
    TEXT = "a text"
    NUMBER = "a whole number"
    SIZE = "a size per second, such as 50M"
    ONE_OF = "one of"
    ALGORITHM = "a digest algorithm"


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One key."""

    name: str
    """Named like its option."""
    kind: ValueKind
    summary: str
    """What it is, for `config show`."""
    default: str
    """What counts without it, in words."""
    needs_trust: bool = False
    """Whether it decides whom to trust or what is written into a register.

    A project's file can come with a download, so such a key counts there only if the user's own file lists
    the folder under `trusted-folders`.
    """
    must_exist: bool = False
    """Whether a file must be there when the configuration is read."""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0

    @property
    def variable(self) -> str:
        """The variable that sets it."""
        return VARIABLE_PREFIX + self.name.upper().replace("-", "_")


_ALL = (
    ConfigKey("trust", ValueKind.FILE, "trusted keys", "none", needs_trust=True, must_exist=True),
    ConfigKey("revoked", ValueKind.FILE, "revoked keys", "none", needs_trust=True, must_exist=True),
    ConfigKey("tsa-roots", ValueKind.FILE, "time authorities", "none", needs_trust=True, must_exist=True),
    ConfigKey("policy", ValueKind.FILE, "required claims", "none", needs_trust=True, must_exist=True),
    ConfigKey(REGISTER, ValueKind.FILE, "register of holdings", "none", needs_trust=True),
    ConfigKey("agent", ValueKind.TEXT, "who answers for it", "your user name", needs_trust=True),
    ConfigKey("algorithm", ValueKind.ALGORITHM, "digests of new packages", "sha512", choices=_STRONG),
    ConfigKey("jobs", ValueKind.NUMBER, "what is read in parallel", "one per core", least=1, most=MAX_JOBS),
    ConfigKey("nice", ValueKind.NUMBER, "lower the priority", "0", most=19),
    ConfigKey("bwlimit", ValueKind.SIZE, "bytes to read per second", "no limit"),
    ConfigKey("language", ValueKind.ONE_OF, "language of a history", "en", choices=("en", "fr", "ru")),
    ConfigKey("library", ValueKind.FILE, "CSL-JSON library of `cite:`", "none"),
    ConfigKey(TRUSTED_FOLDERS, ValueKind.FOLDERS, "may set trust in archtool.toml", "none"),
)
KEYS: Mapping[str, ConfigKey] = {key.name: key for key in _ALL}


def unknown_key_hint(name: str) -> str:
    """Return the hint about a key that does not exist."""
    from archtool.nearest_names import did_you_mean, nearest_name  # lazy: only a misspelt key needs it

    if re.fullmatch(r"sign|key|signer|passphrase(-file)?|force", name):
        return f"a configuration cannot say who signs, and contains no secrets: give --{name} in the command"
    nearest = nearest_name(name, KEYS)
    return did_you_mean(nearest) if nearest is not None else f"the known keys are: {', '.join(KEYS)}"
