"""Parses one line of an `allowed_signers` file: principals, options, key.

    archivist@example.org,*@archive.example namespaces="archtool",valid-before="20400101Z" ssh-ed25519 AAAA…

Source: ssh-keygen(1), "ALLOWED SIGNERS"; sshd(8) for quoting and ssh_config(5) "PATTERNS" for the patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from archtool.errors import InputError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import MAX_SIGNER_LINE_CHARACTERS
from archtool.openssh.trust_files.list_lines import BLANKS
from archtool.openssh.trust_files.wildcards import is_pattern, matches_pattern_list

_FORM = 'write: principal[,principal…] [namespaces="archtool",valid-before="20400101Z"] ssh-ed25519 AAAA…'
_WORD = re.compile(r"[^ \t]+")
_OPTION = re.compile(r'(?P<name>[A-Za-z-]+)(?:="(?P<value>(?:\\"|[^"])*)")?(?P<next>,|$)')
_TIME = re.compile(r"(\d{8})(\d{4})?(\d{2})?(Z|UTC)?", re.IGNORECASE | re.ASCII)
_FLAG = "cert-authority"
_VALUED = ("namespaces", "valid-after", "valid-before")


@dataclass(frozen=True, slots=True)
class SignerLine:
    """One key with its owners and its permitted uses."""

    number: int
    """The line in its file, counted from 1."""
    pattern: str
    """The principals as written: patterns with `*` and `?`, separated by commas, `!` for not."""
    key: PublicKey
    is_authority: bool = False
    """`cert-authority`: the key signs certificates and not packages."""
    namespaces: str | None = None
    """A list of patterns; `None` allows every namespace."""
    valid_after: datetime | None = None
    valid_before: datetime | None = None
    """The dates between which the key is valid, both included."""

    @property
    def principals(self) -> tuple[str, ...]:
        """The patterns one by one."""
        return tuple(part for part in self.pattern.split(",") if part)

    @property
    def has_principal(self) -> bool:
        """Whether the line can match any name: it has a wildcard, or a plain name that is not negated."""
        return any(is_pattern(part) or self.names(part) for part in self.principals if part[0] != "!")

    def names(self, principal: str) -> bool:
        """Whether the line's patterns match a principal."""
        return matches_pattern_list(principal, self.pattern)

    def allows_namespace(self, namespace: str) -> bool:
        """Whether the key may sign for a namespace."""
        return self.namespaces is None or matches_pattern_list(namespace, self.namespaces)


def parse_signer_line(line: str, where: str, number: int, local_zone: tzinfo) -> SignerLine:
    """Parse a line that is neither empty nor a comment.

    Raises:
        InputError: the line is malformed; the message begins with `file:line`.
    """
    place = f"{where}:{number}"
    try:
        if len(line) > MAX_SIGNER_LINE_CHARACTERS or "\0" in line:
            raise InputError(f"not a line of text (at most {MAX_SIGNER_LINE_CHARACTERS} characters)")
        pattern, rest = _split_principals(line)
        words, key = _split_key(rest)
        return _with_options(SignerLine(number, pattern, key), words, local_zone)
    except InputError as error:
        raise InputError(f"{place}: {error.message}", hint=error.hint or _FORM) from None


def _split_principals(line: str) -> tuple[str, str]:
    if line.startswith('"'):
        pattern, quote, rest = line[1:].partition('"')
        if not quote:
            raise InputError("the quote before the principals is never closed")
    else:
        found = _WORD.match(line)
        pattern = found.group() if found else ""
        rest = line[len(pattern) :]
    if not pattern.strip(",") or '"' in pattern or rest[:1] not in ("", " ", "\t"):
        raise InputError(
            f"no list of principals: {line[:60]!r}", hint="put quotes around principals that contain spaces"
        )
    _refuse_misleading(pattern)
    return pattern, rest.strip(BLANKS)


def _refuse_misleading(pattern: str) -> None:
    """Refuse principals that are read differently than they look.

    For instance, `"*, !x"` negates no name, because `!` is not the first character after the comma.

    Raises:
        InputError: a principal begins or ends with a blank, or contains an invisible character.
    """
    misleading = next((p for p in pattern.split(",") if p != p.strip() or not p.isprintable()), None)
    if misleading is not None:
        raise InputError(
            f"a principal with a blank at its end or an invisible character: {misleading[:60]!r}",
            hint="separate the principals with commas only",
        )


def _split_key(rest: str) -> tuple[str, PublicKey]:
    """Split the rest of a line into the options, which can be empty, and the key."""
    first = re.match(r'(?:\\"|"(?:\\"|[^"])*"|[^ \t"])*', rest)
    options = first.group() if first else ""
    after = rest[len(options) :]
    has_options = not re.match(r"[ \t]+AAAA", after)  # every key begins so: its type's length has zero bytes
    words = re.split(r"[ \t]+", (after if has_options else rest).strip(BLANKS), maxsplit=2)
    if len(words) < 2:
        raise InputError(f"no public key: {rest[:60]!r}")
    key = PublicKey.from_words(words[0], words[1], words[2] if len(words) > 2 else "", "the key")
    return options if has_options else "", key


def _with_options(line: SignerLine, text: str, local_zone: tzinfo) -> SignerLine:
    values = dict(_split_options(text))
    after, before = (
        None if value is None else _parse_time(name, value, local_zone)
        for name, value in ((name, values.get(name)) for name in ("valid-after", "valid-before"))
    )
    if after is not None and before is not None and before < after:
        raise InputError("valid-before is earlier than valid-after")
    return SignerLine(
        line.number, line.pattern, line.key, _FLAG in values, values.get("namespaces"), after, before
    )


def _split_options(text: str) -> list[tuple[str, str]]:
    options: dict[str, str] = {}
    position = 0
    while position < len(text):
        found = _OPTION.match(text, position)
        if found is None:
            raise InputError(f"options that cannot be read: {text[position : position + 60]!r}")
        name, value = found["name"].lower(), found["value"]
        if (name not in _VALUED or value is None) and (name != _FLAG or value is not None):
            raise InputError(f"unknown option, or a missing value: {found.group().rstrip(',')[:60]!r}")
        if name in options and name != _FLAG:
            raise InputError(f"option {name} is given twice")
        options[name] = (value or "").replace('\\"', '"')
        position = found.end()
    if text.endswith(","):
        raise InputError("the options end in a comma")
    return list(options.items())


def _parse_time(name: str, text: str, local_zone: tzinfo) -> datetime:
    found = _TIME.fullmatch(text)
    try:
        if found is None or (found[3] and not found[2]):
            raise ValueError(text)
        written = (found[1] + (found[2] or "0000") + (found[3] or "00")).ljust(14, "0")
        moment = datetime.strptime(written, "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows below
        aware = moment.replace(tzinfo=UTC) if found[4] else _standard_time(moment, local_zone)
    except (ValueError, OverflowError):
        raise InputError(
            f"{name} is not a time: {text[:40]!r}",
            hint=f'write {name}="20400101Z" or {name}="20400101123000Z"',
        ) from None
    if aware.timestamp() <= 0:
        raise InputError(f"{name} is earlier than 1970: {text!r}")
    return aware


def _standard_time(moment: datetime, zone: tzinfo) -> datetime:
    # OpenSSH passes mktime() a time with tm_isdst = 0: standard time, also in summer
    local = moment.replace(tzinfo=zone)
    offset = (local.utcoffset() or timedelta()) - (local.dst() or timedelta())
    return (moment - offset).replace(tzinfo=UTC)
