"""Offers what the metadata of a bag says, to the person who describes its payload.

Read are bag-info.txt and every other tag file at the root of the bag that is named like it (`*-info.txt`).
DART writes `aptrust-info.txt` and others, after the profile of the repository; Bagger and bagit-python write
all their fields into bag-info.txt. Of the payload, only the Dublin Core of Archivematica is read.

Sources: RFC 8493 §2.2.2 (labels); the BagIt profiles of APTrust and of DART.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from archtool.bagit.giver import Giver
from archtool.bagit.limits import MAX_INFO_BYTES
from archtool.bagit.model import BagInfo
from archtool.bagit.tag_files.bag_info import parse_info
from archtool.files.source_views import Subtree
from archtool.operations.describe import dublin_core_csv
from archtool.operations.describe.dublin_core_csv import read_dublin_core
from archtool.operations.describe.offers import Offer, Offers, comment_text
from archtool.operations.open_package.opened_bag import OpenedBag
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER, DESCRIPTION_PATHS
from archtool.printable import without_steering

_LABELS_BY_KEY = {
    "title": ("title", "dc-title", "dc.title"),
    "collection": ("bag-group-identifier",),
    "note": ("internal-sender-description",),
    "id": ("external-identifier",),
    "abstract": ("abstract", "description", "dc-description", "dc.description", "external-description"),
}
"""The labels whose values are offered for a key, in lower case and by preference."""
_TITLE_OTHERWISE = "external-description"
_MAX_TITLE_CHARACTERS = 200  # a longer External-Description describes and does not name
_MAX_VALUE_CHARACTERS = 4_000  # of an offered value; a longer one is a comment
_MAX_ID_CHARACTERS = 128 - len("CONFIRM:")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_COMPUTED = frozenset(("payload-oxum", "bag-size"))
# the description goes into the package as it is, and these are data about persons
_NOT_REPEATED = frozenset(("contact-email", "contact-phone", "organization-address"))
_MAX_COMMENTS = 60
_MAX_INFO_FILES = 20


class _Field(NamedTuple):
    """One field of one tag file."""

    file: str
    label: str
    value: str

    @property
    def origin(self) -> str:
        return f"{comment_text(self.label)} in {comment_text(self.file)}"


def offers_of_bag(bag: OpenedBag) -> Offers:
    """Return what the tag files of a bag offer for the description of its payload."""
    fields = list(_fields(bag))
    by_key: dict[str, _Field] = {}
    for key, labels in _LABELS_BY_KEY.items():
        found = _first_usable(key, labels, fields, tuple(by_key.values()))
        if found is not None:
            by_key[key] = found
    offered = {key: Offer(found.value, found.origin) for key, found in by_key.items()}
    others = [one for one in fields if one not in by_key.values()]
    return Offers(offered, (*_own_description(bag), *_other_lines(others), *_giver_lines(bag.bag.info)))


def _fields(bag: OpenedBag) -> Iterator[_Field]:
    own_name = bag.bag.declaration.info_name
    for one in bag.bag.info.fields:
        yield _Field(own_name, one.label, one.value)
    names = sorted(name for name in bag.layout.files if name.endswith("-info.txt") and "/" not in name)
    for name in [name for name in names if name != own_name][:_MAX_INFO_FILES]:
        for one in _read_info(bag, name).fields:
            yield _Field(name, one.label, one.value)
    for label, value in read_dublin_core(Subtree(bag.source, "data")):
        yield _Field(f"data/{dublin_core_csv.PATH}", label, value)


def _read_info(bag: OpenedBag, name: str) -> BagInfo:
    """Return the fields of a tag file that has the form of bag-info.txt; none if it cannot be read."""
    try:
        data = bag.source.read_bytes(name, MAX_INFO_BYTES)
    except OSError:
        return BagInfo()
    return parse_info(data, bag.bag.declaration, name)[0]


def _first_usable(
    key: str, labels: Sequence[str], fields: Sequence[_Field], taken: Sequence[_Field]
) -> _Field | None:
    candidates = [one for label in labels for one in fields if one.label.casefold() == label]
    if key == "title" and not candidates:
        candidates = [one for one in fields if one.label.casefold() == _TITLE_OTHERWISE]
        candidates = [one for one in candidates if len(one.value) <= _MAX_TITLE_CHARACTERS]
    return next((one for one in candidates if one not in taken and _fits(key, one.value)), None)


def _fits(key: str, value: str) -> bool:
    if key == "id":
        return len(value) <= _MAX_ID_CHARACTERS and _ID.fullmatch(value) is not None
    is_plain = without_steering(value)[0] == value  # a description cannot contain control characters
    return is_plain and bool(value.strip()) and len(value) <= _MAX_VALUE_CHARACTERS


def _own_description(bag: OpenedBag) -> Iterator[str]:
    for path in DESCRIPTION_PATHS:
        if path in bag.layout.files:
            yield f"The bag has a description of its own, {path}: begin with a copy of that file."


def _other_lines(fields: Sequence[_Field]) -> Iterator[str]:
    stated = [one for one in fields if one.label.casefold() not in _COMPUTED and one.value.strip()]
    for file, inside in groupby(stated[:_MAX_COMMENTS], lambda one: one.file):
        name = comment_text(file)
        kept_as = name if name.startswith("data/") else f"{ADOPTED_FOLDER}{name}"
        yield f"{name} also says (the package keeps it as {kept_as}):"
        for one in inside:
            is_repeated = one.label.casefold() not in _NOT_REPEATED
            yield f"  {comment_text(one.label)}: {comment_text(one.value) if is_repeated else 'see there'}"
    if len(stated) > _MAX_COMMENTS:
        yield f"  … and {len(stated) - _MAX_COMMENTS:,} more fields"


def _giver_lines(info: BagInfo) -> Iterator[str]:
    giver = Giver.of(info)
    if giver is not None:
        names = comment_text(", ".join(giver.names))
        yield f"The provenance will name the giver, {names}: no key is needed for that."
