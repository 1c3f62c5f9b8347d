"""Formats the results of `archtool attest`: what was appended or merged, and the new head of the chain."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.report.text.result import brief_head
from archtool.results import Result

_LEAD_WIDTH = 12


def format_attest_summary(result: Result, width: int = 80) -> Iterator[str]:
    """Yield the new attestation: its path, its signers, what it covers, and the head of the chain."""
    facts = result.facts
    covers = facts["covers"]
    yield f"attested {shown(result.subject)}: {facts['attestation']}"
    for name in facts["finished"]:
        yield from _field(f"{name} was left incomplete by an interrupted run and is now complete", "", width)
    for key, value in facts["details"].items():
        yield from _field(value, key, width)
    if facts["note"]:
        yield from _field(facts["note"], "note", width)
    for signer in facts["signers"]:
        yield from _field(f"{signer['principal']} ({signer['key_type']} {signer['key']})", "signed by", width)
    if facts["timestamps"]:
        stamped = f"by {shown(facts['stamped_by'])}" if facts["stamped_by"] else "by the interrupted run"
        yield from _field(f"{counted(facts['timestamps'], 'timestamp')}, {stamped}", "stamped", width)
    if facts["cms_signer"]:
        yield from _field(f"{facts['cms_signer']} (CMS)", "signed by", width)
    earlier = counted(len(covers["attestations"]), "earlier attestation")
    yield from _field(f"{counted(covers['tag_files'], 'tag file')}, {earlier}", "covers", width)
    for path in covers["taken_in"]:
        yield from _field(f"{shown(path)}, not covered by any signature before", "", width)
    if facts["sidecar"] is not None:
        reason = f": {facts['why_beside']}" if facts["why_beside"] else ""
        yield from _field(f"{shown(facts['sidecar'])}{reason}", "sidecar", width)
    yield from _field(brief_head(facts["head"]), "head", width)
    recorded = facts.get("register", {"head": None})
    if recorded["head"] is not None:
        yield from _field(f"the head of {recorded['holding']} is recorded", "register", width)


def format_merge_summary(result: Result, width: int = 80) -> Iterator[str]:
    """Yield what was merged into the package, and whether the sidecar was removed."""
    facts = result.facts
    yield f"merged {shown(facts['sidecar'])} into {shown(result.subject)}"
    for name in facts["merged"]:
        yield from _field(name, "", width)
    if not facts["merged"]:
        yield from _field("nothing to merge: the package already contains everything", "", width)
    kept = f"kept: {shown(facts['kept_for'])} needs it" if facts["kept_for"] else None
    yield from _field(kept or "removed: everything in it is now in the package", "sidecar", width)
    yield from _field(brief_head(facts["head"]), "head", width)


def _field(text: str, label: str, width: int) -> Iterator[str]:
    lead = f"  {label}".ljust(_LEAD_WIDTH) + " "
    yield from wrap(one_line(text), max(width, MIN_WIDTH), lead, hanging=len(lead))
