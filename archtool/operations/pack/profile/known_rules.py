"""Decides which rules of a profile can be checked although a description has faults.

A rule is left out if a faulty part of the description can be what meets it, or what does not.
"""

from __future__ import annotations

from archtool.bagit import finding_kinds as kinds
from archtool.bagit.profile_check import UnmetRule
from archtool.description.bag_info import KEY as BAG_INFO_KEY
from archtool.description.bag_info import SHARED_LABELS, SUMMARY_LABELS
from archtool.description.tag_files import KEY as TAG_FILES_KEY
from archtool.findings import has_errors
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.pack.profile.planned_bag import INFO_NAME
from archtool.schemas import SchemaPath

_ABOUT_MANIFESTS = frozenset(
    [
        kinds.PROFILE_VERSION.code,
        kinds.PROFILE_MANIFEST_REQUIRED.code,
        kinds.PROFILE_MANIFEST_NOT_ALLOWED.code,
    ]
)
_PAYLOAD_KEYS = ("transcription", "annexes", "files", "left-out", "empty-folders")
_KEYS = {label.casefold(): key for label, key in (*SHARED_LABELS.items(), *SUMMARY_LABELS.items())}


def is_known(unmet: UnmetRule, described: DescribedDocument) -> bool:
    """Whether a rule stays unmet whatever the faulty parts of the description should say."""
    if not has_errors(described.findings) or unmet.finding.code in _ABOUT_MANIFESTS:
        return True
    if unmet.tag_file == INFO_NAME:
        return not _is_label_in_doubt(unmet.subject, described)
    if _is_in_doubt(described, (TAG_FILES_KEY,)):
        return False
    is_of_tag_file = unmet.tag_file != "" or not unmet.subject.startswith("data/")
    return is_of_tag_file or not any(_is_in_doubt(described, (key,)) for key in _PAYLOAD_KEYS)


def _is_label_in_doubt(label: str, described: DescribedDocument) -> bool:
    key = _KEYS.get(label.casefold())
    if key == "source" and not described.citation:
        return True
    own = [one for one in described.description.bag_info if one.casefold() == label.casefold()] or [label]
    paths: list[SchemaPath] = [(BAG_INFO_KEY, one) for one in own]
    paths += [(BAG_INFO_KEY,), *([tuple(key.split("."))] if key is not None else [])]
    return any(_is_in_doubt(described, path) for path in paths)


def _is_in_doubt(described: DescribedDocument, path: SchemaPath) -> bool:
    return (
        described.doubts.is_faulty(path)
        or described.doubts.can_hide(path)
        or (path != (BAG_INFO_KEY,) and described.doubts.concern(path))
    )
