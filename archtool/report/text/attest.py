"""What `attest` tells a person: what was appended or merged, and what is worth writing down of it."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.report.text.result import brief_head
from archtool.results import Result

_LEAD_WIDTH = 12


def format_attest_summary(result: Result, width: int = 80) -> Iterator[str]:
    """The new attestation: where it is, who signed it, what it covers, and the head of the chain."""
    facts = result.facts
    covers = facts["covers"]
    yield f"attested {shown(result.subject)}: {facts['attestation']}"
    for name in facts["finished"]:
        what = "begun by a run that was interrupted, finished now"
        yield from _field(f"{name} was {what}", "", width)
    for key, value in facts["details"].items():
        yield from _field(value, key, width)
    if facts["note"]:
        yield from _field(facts["note"], "note", width)
    for signer in facts["signers"]:
        yield from _field(f"{signer['principal']} ({signer['key_type']} {signer['key']})", "signed by", width)
    if facts["timestamps"]:
        stamped = (
            f"by {shown(facts['stamped_by'])}" if facts["stamped_by"] else "by the run that was interrupted"
        )
        yield from _field(f"{counted(facts['timestamps'], 'timestamp')}, {stamped}", "stamped", width)
    if facts["cms_signer"]:
        yield from _field(f"{facts['cms_signer']} (CMS)", "signed by", width)
    earlier = counted(len(covers["attestations"]), "earlier attestation")
    yield from _field(f"{counted(covers['tag_files'], 'tag file')}, {earlier}", "covers", width)
    for path in covers["taken_in"]:
        yield from _field(f"{shown(path)}, which no signature stood for before", "", width)
    if facts["sidecar"] is not None:
        why = f": {facts['why_beside']}" if facts["why_beside"] else ""
        yield from _field(f"{shown(facts['sidecar'])}{why}", "beside, in", width)
    yield from _field(brief_head(facts["head"]), "head", width)


def format_merge_summary(result: Result, width: int = 80) -> Iterator[str]:
    """What came into the package, and that the sidecar is gone."""
    facts = result.facts
    yield f"merged {shown(facts['sidecar'])} into {shown(result.subject)}"
    for name in facts["merged"]:
        yield from _field(name, "", width)
    if not facts["merged"]:
        yield from _field("the package had all of it already", "", width)
    is_kept = f"kept: {shown(facts['kept_for'])} needs it" if facts["kept_for"] else None
    yield from _field(is_kept or "removed: all of it is in the package", "sidecar", width)
    yield from _field(brief_head(facts["head"]), "head", width)


def _field(text: str, label: str, width: int) -> Iterator[str]:
    lead = f"  {label}".ljust(_LEAD_WIDTH) + " "
    yield from wrap(one_line(text), max(width, MIN_WIDTH), lead, hanging=len(lead))
