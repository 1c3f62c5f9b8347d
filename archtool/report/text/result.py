"""A result as lines for a person: the findings, then the verdicts, then what was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archtool.files.paths import shown
from archtool.findings import Finding, Severity
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.results import Result

MAX_SHOWN_PER_CODE = 20  # of one kind; --json has them all
MAX_SHOWN_ATTESTATIONS = 12  # a check each year soon fills more than a screen
SHOWN_DIGITS = 32  # of the head's digest: as many as `--expect-head` needs; --json has them all
SHOWN_KEY_ID = 80  # characters of what an authority, whoever that is, calls a certificate
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def format_findings(findings: Sequence[Finding], width: int = 80) -> Iterator[str]:
    """Each finding on its line, errors first; the hint once for each kind."""
    if not findings:  # nearly always
        return
    ordered = sorted(findings, key=lambda f: _ORDER[f.severity])
    counts: Counter[str] = Counter()
    to_show: list[Finding] = []
    for finding in ordered:
        counts[finding.code] += 1
        if counts[finding.code] <= MAX_SHOWN_PER_CODE:
            to_show.append(finding)
    last_with_hint = {(f.code, f.hint): i for i, f in enumerate(to_show)}
    for i, finding in enumerate(to_show):
        yield from _finding_lines(finding, width, is_last=last_with_hint[finding.code, finding.hint] == i)
    for code, count in counts.items():
        if count > MAX_SHOWN_PER_CODE:
            yield f"        … and {count - MAX_SHOWN_PER_CODE:,} more of {code} (--json lists them all)"


def _finding_lines(finding: Finding, width: int, *, is_last: bool) -> Iterator[str]:
    place = _place(finding)
    lead = f"{finding.severity.value:>7} "
    text = f"{place}{one_line(finding.message)} [{finding.code}]"
    yield from wrap(text, max(width, MIN_WIDTH), lead)
    if finding.hint and is_last and finding.severity is not Severity.NOTE:
        yield from wrap(one_line(finding.hint), max(width, MIN_WIDTH), "        hint: ")


def _place(finding: Finding) -> str:
    """Where it was seen; not said twice where the sentence names the file itself."""
    place = finding.place
    if place is None or (str(place) == place.file and shown(place.file) in finding.message):
        return ""
    return f"{shown(str(place))}: "


def format_attestations(result: Result, width: int = 80) -> Iterator[str]:
    """Each attestation: what is claimed and when it is said to have been, and who signed on whose word."""
    attestations = result.facts.get("attestations", ())
    left_out = len(attestations) - MAX_SHOWN_ATTESTATIONS
    for number, attestation in enumerate(attestations):
        if 0 < number <= left_out:  # the first tells of the beginning, the last ones of today
            if number == left_out:
                yield f"        … {counted(left_out, 'attestation')} more (--json lists them all)"
            continue
        yield from wrap(_claim_words(attestation), max(width, MIN_WIDTH), " " * 8, hanging=10)
        for signature in attestation["signatures"]:
            words = one_line(_signature_words(signature))
            yield from wrap(words, max(width, MIN_WIDTH), " " * 10, hanging=12)
            if certificate := signature.get("certificate"):
                words = one_line(_certificate_words(certificate))
                yield from wrap(words, max(width, MIN_WIDTH), " " * 12, hanging=12)
            if time := _time_words(signature):
                yield from wrap(one_line(time), max(width, MIN_WIDTH), " " * 12, hanging=12)
        if not attestation["signatures"]:
            yield " " * 10 + "signed by NOBODY"
    recorded = result.facts.get("recorded") or {}
    if result.facts.get("head") and not recorded.get("head"):  # else the newer one follows
        yield from wrap(f"head: {brief_head(result.facts['head'])}", max(width, MIN_WIDTH), " " * 8)
    yield from _recorded(result, max(width, MIN_WIDTH))


def _recorded(result: Result, width: int) -> Iterator[str]:
    """Whether the check became an attestation itself, where somebody asked for that."""
    recorded = result.facts.get("recorded")
    if recorded is None:
        return
    if recorded["recorded"]:
        beside = f" (beside the package, in {shown(recorded['sidecar'])})" if recorded["sidecar"] else ""
        words = f"recorded as {one_line(recorded['attestation'])}{beside}"
        yield from wrap(words, width, " " * 8, hanging=10)
        yield from wrap(f"head: {brief_head(recorded['head'])}", width, " " * 8)
    else:
        yield from wrap(f"NOT recorded: {one_line(recorded['reason'])}", width, " " * 8, hanging=10)


def brief_head(head: str) -> str:
    """The head of a chain on one line of the screen: what is worth writing down."""
    name, _, digest = head.partition(" sha512:")
    return f"{one_line(name)} sha512:{digest[:SHOWN_DIGITS]}"


def _claim_words(attestation: Mapping[str, Any]) -> str:
    """What is claimed: everything here is the signer's word, and said so."""
    name = one_line(attestation["path"].rpartition("/")[2])
    place = " (beside the package)" if attestation["beside"] else ""
    if "claimed_at" not in attestation:
        return f"{name}{place}: its statement cannot be read"
    details = attestation["details"]
    parties = f", from {details['from']} to {details['to']}" if {"from", "to"} <= details.keys() else ""
    when = attestation["claimed_at"].replace("+00:00", "Z")
    return one_line(f"{name}{place}: said to be of {when}{parties}")


def _signature_words(signature: Mapping[str, Any]) -> str:
    if not signature["is_good"]:
        return f"signature BROKEN: {signature['reason']}"
    principals = signature["principals"]
    if signature["trusted_by"]:
        return f"good signature by {', '.join(principals)}, trusted by {signature['trusted_by']}"
    claimed = (
        f", which says it is {', '.join(signature['claims_to_be'])}'s" if signature["claims_to_be"] else ""
    )
    doubt = signature["reason"] or "nobody was asked whether to trust it"
    return f"good signature by key {signature['key']}{claimed}; {doubt}"


def _certificate_words(certificate: Mapping[str, Any]) -> str:
    """What an authority called the certificate; nothing of it is true where the authority is not trusted."""
    serial = f" (serial {certificate['serial']})" if certificate["serial"] != "0" else ""
    name = certificate["key_id"]
    name = name if len(name) <= SHOWN_KEY_ID else name[:SHOWN_KEY_ID] + "…"
    return f"with certificate {name!r}{serial} of authority {certificate['authority']}"


def format_evidence(result: Result, width: int = 80) -> Iterator[str]:
    """What the evidence records of a package prove."""
    for record in result.facts.get("evidence", ()):
        if record["proved_at"]:
            words = f"{counted(record['covers'], 'file')} there since {record['proved_at']}: proved by "
            words += f"{counted(record['timestamps'], 'timestamp')}, the last of {record['authority']}"
            words += f", good until {record['good_until']}"
        elif record["says"]:
            doubt = record["reason"] or "nobody was asked whether to trust it"
            words = f"there since {record['says']}: only said; {doubt}"
        else:
            words = f"does not hold: {record['reason']}"
        yield from wrap(one_line(words), max(width, MIN_WIDTH), f"        {record['path']}: ", hanging=10)


def _time_words(signature: dict[str, Any]) -> str:
    """Since when a signature is proved to be there, or only said to be; nothing where nobody says it."""
    timestamp = signature.get("timestamp")
    if signature.get("proved_at"):
        own = timestamp is not None and timestamp["path"] == signature["proved_by"]
        where = "" if own else f" ({signature['proved_by']})"
        return f"there since {signature['proved_at']}: proved by {signature['timestamped_by']}{where}"
    if timestamp is None or timestamp["says"] is None:
        return ""
    doubt = timestamp["reason"] or "nobody was asked whether to trust it"
    return f"there since {timestamp['says']}: only said, by {timestamp['authority'] or 'somebody'}; {doubt}"


def format_pack_summary(result: Result, seconds: float) -> Iterator[str]:
    """What was packed, where it is, and what was looked at."""
    facts = result.facts
    payload = facts["payload"]
    yield f"{'would pack' if facts['dry_run'] else 'packed'} {one_line(facts['title'])}"
    yield f"  package    {shown(str(facts['package']))}"
    if facts.get("predecessor"):
        kept = "would be kept as" if facts["dry_run"] else "is kept as"
        beside = facts["predecessor_sidecar"]
        its = f", its sidecar as {shown(beside)}" if beside else ""
        yield f"  replaced   the old package {kept} {shown(facts['predecessor'])}{its}"
    yield f"  manifests  {', '.join(facts['algorithms'])}"
    for signer in facts["signers"]:
        yield f"  signed by  {signer['principal']} ({signer['key_type']} {signer['key']})"
    if facts["cms_signer"]:
        yield f"  signed by  {one_line(facts['cms_signer'])} (CMS)"
    if facts["stamped_by"]:
        yield f"  stamped by {one_line(facts['stamped_by'])}"
    if not facts["signers"]:
        yield "  signed by  nobody (give --sign KEY)"
    size = format_size(sum(item["size_bytes"] for item in payload))
    parts = [counted(len(payload), "payload file"), size]
    parts += [counted(result.count(Severity.WARNING), "warning"), f"{seconds:.1f} s"]
    yield " · ".join(parts)


def format_unpack_summary(result: Result, seconds: float) -> Iterator[str]:
    """What was extracted, where it is, and what was not done."""
    facts = result.facts
    package = shown(str(facts["package"]))
    yield f"unpacked {shown(result.subject)}"
    yield f"  package    {package}"
    yield f"  unverified: look at it with archtool verify {package}"
    parts = [counted(facts["files"], "file"), format_size(facts["bytes"])]
    parts += [counted(result.count(Severity.WARNING), "warning"), f"{seconds:.1f} s"]
    yield " · ".join(parts)


def format_planned_files(result: Result) -> Iterator[str]:
    """What `pack --dry-run` would put into the package."""
    for item in result.facts["payload"]:
        yield f"  {shown(item['path'])}  {format_size(item['size_bytes'])}"


def format_check_summary(result: Result) -> str:
    """How a description stands, counted."""
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    parts = [counted(errors, "error"), counted(warnings, "warning")]
    files = result.facts["files"]
    parts.append(f"{counted(files, 'file')} read" if files or not errors else "no file was read")
    if "bytes" in result.facts:
        parts.append(format_size(result.facts["bytes"]))
    return ("cannot be packed yet: " if errors else "can be packed: ") + " · ".join(parts)
