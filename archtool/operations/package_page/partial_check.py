"""Adds to a check that read no payload file what is known of the files that the page shows.

Such a check compares names, sizes and tag files. The texts and images of the page are read anyway, and
compared with their digests: if one of them differs, the bag is invalid, whatever the others are like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archtool.bagit import finding_kinds
from archtool.findings import Finding
from archtool.report.package_page.model import Facsimiles, FileState, ShownText
from archtool.results import Result

_INVALID, _UNREADABLE = "invalid", "unreadable"


def states_of(texts: Sequence[ShownText], facsimiles: Facsimiles) -> dict[str, FileState]:
    """Return the states of the files that the page shows, by their paths in the bag."""
    states = {f"data/{text.file}": text.state for text in texts}
    return states | {f"data/{image.file}": image.state for image in facsimiles.images}


def with_shown_files(result: Result, states: Mapping[str, FileState]) -> Result:
    """Return the result with a finding for each shown file that differs or could not be read."""
    found = tuple(_findings(states))
    if not found:
        return result
    verdict = dict(result.verdict)
    if FileState.NOT_READ in states.values():
        verdict["bag"] = _UNREADABLE
    elif verdict["bag"] != _UNREADABLE:
        verdict["bag"] = _INVALID
    return replace(result, findings=(*result.findings, *found), verdict=verdict)


def _findings(states: Mapping[str, FileState]) -> Iterator[Finding]:
    for path, state in sorted(states.items()):
        if state is FileState.DIFFERS:
            message = "digest differs: the file is not the one that the manifests list"
            yield finding_kinds.DIGEST_MISMATCH.at(message, path)
        elif state is FileState.NOT_READ:
            yield finding_kinds.FILE_UNREADABLE.at("the file exists but could not be read", path)
