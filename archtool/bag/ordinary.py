"""The tag files of an ordinary bag: nothing in them needs to be thought about, and nothing is to be said.

Declared in the one form that RFC 8493 shows, with known names only, in plain lines, each tag file being
what every tag manifest says of the very bytes that were read here. Most bags are like this. Anything else
is for the slow way, which knows every rule and has a finding for each.

Source: RFC 8493 §2.1.1, §2.2.1, §2.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from archtool.bag.plain import plain_lines
from archtool.bag.root_names import DECLARATION_NAME, RootNames
from archtool.fixity.digests import Algorithm

_SECOND_LINE = b"Tag-File-Character-Encoding: UTF-8\n"
_VERSIONS = {b"BagIt-Version: %b\n" % v + _SECOND_LINE: v.decode() for v in (b"1.0", b"0.97")}
_REST = rb"[^\x00-\x1f\x7f]*\n"
_LABEL = rb"[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9._-])?"
_INFO = re.compile(rb"(?:%b: %b(?:[ \t]%b)*)*" % (_LABEL, _REST, _REST))
_OXUM_LABEL = b"payload-oxum"
_MAY_BE_RESERVED = (b"bag", _OXUM_LABEL)  # how the labels begin that should not be repeated, and some others
_OXUM = re.compile(rb"([0-9]{1,18})\.([0-9]{1,18})")
_MAX_INFO_BYTES = 64 * 1024  # longer ones are rare, and no line can be too long in this


class OrdinaryInfo(NamedTuple):
    """What bag-info.txt says that decides anything."""

    oxum: tuple[int, int] | None
    """Bytes and files of the payload, in the bag's own words."""


class OrdinaryTags(NamedTuple):
    """What the tag files say; sizes are in bytes."""

    version: str
    oxum: tuple[int, int] | None
    """As bag-info.txt has it."""
    files: int
    """How many of them were held against a digest."""
    size_bytes: int


def declared_version(declaration: bytes) -> str | None:
    """The version, if bagit.txt is written as it nearly always is: 0.97 or 1.0, in UTF-8."""
    return _VERSIONS.get(declaration)


def look_for_ordinary(
    texts: Mapping[str, bytes], names: RootNames, info: OrdinaryInfo | None
) -> OrdinaryTags | None:
    """Whether all tag files are ordinary; `texts` are all files at the root, as they were read."""
    version = declared_version(texts.get(DECLARATION_NAME, b""))
    if not names.are_ordinary or version is None or info is None:
        return None
    listed = texts.keys() - names.tag_manifests.keys()
    for name, algorithm in names.tag_manifests.items():
        if algorithm is None or not _holds(texts[name], algorithm, texts, listed):
            return None
    checked = [len(texts[name]) for name in listed] if names.tag_manifests else []
    return OrdinaryTags(version, info.oxum, len(checked), sum(checked))


def read_info(data: bytes) -> OrdinaryInfo | None:
    """The metadata file, if there is one; `None` where a line or a repeated label needs a second look.

    Long values may go on in further lines, and most labels may be repeated.
    """
    if len(data) > _MAX_INFO_BYTES or _INFO.fullmatch(data) is None:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    values: dict[bytes, bytes] = {}
    label = b""
    for line in data[:-1].split(b"\n") if data else ():
        if line.startswith((b" ", b"\t")):
            if label == _OXUM_LABEL:  # it would belong to the value
                return None
            continue
        label, _, value = line.partition(b": ")
        label = label.lower()
        if label in values and label.startswith(_MAY_BE_RESERVED):
            return None
        values[label] = value
    if _OXUM_LABEL not in values:
        return OrdinaryInfo(None)
    match = _OXUM.fullmatch(values[_OXUM_LABEL])
    return OrdinaryInfo((int(match[1]), int(match[2]))) if match is not None else None


def _holds(data: bytes, algorithm: Algorithm, texts: Mapping[str, bytes], listed: set[str]) -> bool:
    """Whether a tag manifest lists just these files, each once, with the digests of these bytes."""
    lines = plain_lines(data)
    if lines is None or len(lines) != len(listed):
        return False
    after = lines[0][algorithm.hex_length :]
    blanks = " " * (len(after) - len(after.lstrip(b" ")))  # two, or one as bagit.py writes them
    make = algorithm.hash_at_once
    wanted = [f"{make(texts[name]).hexdigest()}{blanks}{name}".encode() for name in listed]
    return bool(blanks) and sorted(lines) == sorted(wanted)
