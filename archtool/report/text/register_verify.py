"""Formats what `archtool holdings verify` found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.files.paths import shown
from archtool.findings import Severity
from archtool.report.numbers import counted
from archtool.report.text.page import one_line, wrap
from archtool.report.text.result import NOT_CHECKED_SIGNER
from archtool.results import Result

_MAX_SHOWN_HEADS = 5
_CUT_OFF = "cut-off"  # the verdict on a chain whose end is missing
_STATE = {
    "agrees": "every row is what the events give",
    "differs": "DIFFERS from what the events give",
    "not-compared": "NOT compared: events cannot be read or applied",
    "not-asked": "not compared, and the form of events not checked (--chain-only)",
}
_DATABASE = {
    "sound": "sound: pages, rows and indexes agree",
    "damaged": "DAMAGED",
    "changed": "CHANGED: tables or triggers are not those that archtool makes",
    "not-asked": "not checked (--chain-only)",
}


def format_register_verdict(result: Result, seconds: float, width: int) -> Iterator[str]:
    """Yield what was checked and with which result, and a line of counts."""
    facts, verdict = result.facts, result.verdict
    is_sound = not result.count(Severity.ERROR)
    yield f"{shown(result.subject)}: {'in order' if is_sound else 'NOT in order'}"
    yield from wrap(_chain(facts, verdict["chain"]), width, "  chain      ")
    yield f"  head       {facts.get('head', 'not read')}"
    yield f"  state      {_STATE[verdict['state']]}"
    yield f"  database   {_DATABASE[verdict['database']]}"
    yield from _heads(facts)
    yield from wrap(_trust(result), width, "  trust      ")
    events = facts.get("events", 0)
    parts = [counted(events, "event"), counted(result.count(Severity.ERROR), "error")]
    rate = f" ({events / seconds:,.0f} events a second)" if events > 100_000 and seconds > 1 else ""
    yield " · ".join([*parts, f"{seconds:.1f} s{rate}"])


def _chain(facts: Any, verdict: str) -> str:
    times = f"{one_line(str(facts.get('first_at')))} to {one_line(str(facts.get('last_at')))}"
    if verdict == "complete":
        return f"complete up to event {facts['events']:,}, {times}: each follows the one before"
    if verdict == _CUT_OFF:
        return f"THE END IS MISSING: complete up to event {facts['events']:,}, {times}; later events are gone"
    return "BROKEN" if verdict == "broken" else "NOT checked: the database cannot be read"


def _is_only_cut_off(result: Result) -> bool:
    """Whether the missing end is all that is wrong with chain and heads."""
    errors = {finding.code for finding in result.findings if finding.severity is Severity.ERROR}
    return result.verdict["chain"] == _CUT_OFF and errors == {"register.events-cut-off"}


def _heads(facts: Any) -> Iterator[str]:
    heads = facts.get("heads", ())
    for where in heads[-_MAX_SHOWN_HEADS:]:
        yield f"  kept head  in the chain: {one_line(where)}"
    if len(heads) > _MAX_SHOWN_HEADS:
        yield f"             and {counted(len(heads) - _MAX_SHOWN_HEADS, 'more kept head')}"


def _trust(result: Result) -> str:
    facts, verdict = result.facts, result.verdict["trust"]
    signatures = facts.get("signatures", ())
    if verdict == "trusted":
        newest = next(
            s for s in reversed(signatures) if s["event"] == facts["trusted_up_to"] and s["trusted_by"]
        )
        names, time = ", ".join(newest["principals"]), newest["proved_at"]
        when = f"; existed at {time}: proved by {newest['timestamped_by']}" if time else ""
        return one_line(
            f"up to event {newest['event']:,}: signed by {names}, trusted by {newest['trusted_by']}{when}"
        )
    if verdict == "not-asked" and not signatures:
        return "no signed heads; not asked for (--trust)"
    if verdict == "not-asked":
        good = sum(signature["is_good"] for signature in signatures)
        return f"{counted(good, 'good signature')} on heads, {NOT_CHECKED_SIGNER}"
    if verdict == "broken" and _is_only_cut_off(result):
        return "NOT of the newest state: the end of the chain is missing; nothing else is broken"
    return {"unsigned": "UNSIGNED", "untrusted": "NOT trusted", "broken": "BROKEN"}.get(
        verdict, "not checked"
    )
