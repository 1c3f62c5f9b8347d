"""Formats results as lines of text: findings, attestations, and the summaries of several commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from archtool.files.paths import shell_word, shown
from archtool.findings import Finding, Severity
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.report.text_repair_words import change_words
from archtool.results import Result

MAX_SHOWN_PER_CODE = 20  # findings of one code; --json lists them all
MAX_SHOWN_OF_AUTHOR = 200  # of a code about what the author wrote: all are corrected in one round
_OF_AUTHOR = ("description.", "annexe.", "source.", "rights.")
MAX_SHOWN_ATTESTATIONS = 12  # one check a year soon fills more than a screen
MAX_SHOWN_PARTS = 20  # of a group that was made
SHOWN_DIGITS = 32  # of the head's digest: what `--expect-head` needs; --json has all digits
SHOWN_KEY_ID = 80  # characters of a certificate's key id, which any authority can choose
NOT_CHECKED_SIGNER = "not checked against an allowed_signers file (use --trust)"
NOT_CHECKED_AUTHORITY = "not checked against root certificates (use --tsa-roots)"
_HINT = "        hint: "
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def format_findings(findings: Sequence[Finding], width: int = 80) -> Iterator[str]:
    """Yield the findings, errors first, each with its hint; findings in a row that share one have it once."""
    if not findings:
        return
    ordered = sorted(findings, key=lambda f: _ORDER[f.severity])
    counts: Counter[str] = Counter()
    to_show: list[Finding] = []
    for finding in ordered:
        counts[finding.code] += 1
        if counts[finding.code] <= _max_shown(finding.code):
            to_show.append(finding)
    width = max(width, MIN_WIDTH)
    for hint, group in groupby(to_show, key=_shown_hint):
        together = list(group)
        for finding in together:
            yield from _finding_lines(finding, width)
        if hint is not None:
            lead = _HINT if len(together) == 1 else f"        hint for these {len(together):,}: "
            yield from hint_lines(hint, width, lead, len(_HINT))
    for code, count in counts.items():
        if count > _max_shown(code):
            yield f"        … and {count - _max_shown(code):,} more of {code} (--json lists them all)"


def _max_shown(code: str) -> int:
    return MAX_SHOWN_OF_AUTHOR if code.startswith(_OF_AUTHOR) else MAX_SHOWN_PER_CODE


def _finding_lines(finding: Finding, width: int) -> list[str]:
    text = f"{_place(finding)}{one_line(finding.message)} [{finding.code}]"
    return wrap(text, width, f"{finding.severity.value:>7} ")


def _shown_hint(finding: Finding) -> str | None:
    """Return the hint of a finding; `None` for most notes, about which nothing need be done."""
    if finding.severity is Severity.NOTE and not finding.code.startswith(_OF_AUTHOR):
        return None
    return finding.hint or None


def hint_lines(hint: str, width: int, lead: str, hanging: int | None = None) -> Iterator[str]:
    """Yield the lines of a hint: its first line is wrapped; the others are to be copied, and never broken.

    Further lines are indented by `hanging` columns; default: the length of the lead.
    """
    text, *example = hint.split("\n")
    hanging = len(lead) if hanging is None else hanging
    yield from wrap(one_line(text), width, lead, hanging)
    for line in example:
        blanks = " " * (hanging + 2 + len(line) - len(line.lstrip(" ")))
        yield f"{blanks}{one_line(line)}"


def _place(finding: Finding) -> str:
    """Return the place as a prefix of the message, or nothing if the message names the file itself."""
    place = finding.place
    if place is None or (str(place) == place.file and shown(place.file) in finding.message):
        return ""
    return f"{shown(str(place))}: "


def format_attestations(result: Result, width: int = 80) -> Iterator[str]:
    """Yield each attestation: its claim and claimed date, and its signatures with their trust."""
    attestations = result.facts.get("attestations", ())
    left_out = len(attestations) - MAX_SHOWN_ATTESTATIONS
    for number, attestation in enumerate(attestations):
        if 0 < number <= left_out:  # shows the first attestation and the newest ones
            if number == left_out:
                yield f"        … and {counted(left_out, 'more attestation')} (--json lists them all)"
            continue
        yield from wrap(_claim_text(attestation), max(width, MIN_WIDTH), " " * 8, hanging=10)
        for signature in attestation["signatures"]:
            text = one_line(_signature_text(signature))
            yield from wrap(text, max(width, MIN_WIDTH), " " * 10, hanging=12)
            if certificate := signature.get("certificate"):
                text = one_line(_certificate_text(certificate))
                yield from wrap(text, max(width, MIN_WIDTH), " " * 12, hanging=12)
            if time := _time_text(signature):
                yield from wrap(one_line(time), max(width, MIN_WIDTH), " " * 12, hanging=12)
        if not attestation["signatures"]:
            yield " " * 10 + "NOT SIGNED"
    recorded = result.facts.get("recorded") or {}
    if result.facts.get("head") and not recorded.get("head"):  # else the newer one follows
        yield from wrap(f"head: {brief_head(result.facts['head'])}", max(width, MIN_WIDTH), " " * 8)
    yield from _recorded(result, max(width, MIN_WIDTH))


def _recorded(result: Result, width: int) -> Iterator[str]:
    """Yield where the check was recorded as an attestation, or why not, if that was requested."""
    recorded = result.facts.get("recorded")
    if recorded is None:
        return
    if recorded["recorded"]:
        where = f" (in the sidecar {shown(recorded['sidecar'])})" if recorded["sidecar"] else ""
        text = f"recorded as {one_line(recorded['attestation'])}{where}"
        yield from wrap(text, width, " " * 8, hanging=10)
        yield from wrap(f"head: {brief_head(recorded['head'])}", width, " " * 8)
    else:
        yield from wrap(f"NOT recorded: {one_line(recorded['reason'])}", width, " " * 8, hanging=10)


def brief_head(head: str) -> str:
    """Shorten the head of a chain to what a person should write down for `--expect-head`."""
    name, _, digest = head.partition(" sha512:")
    return f"{one_line(name)} sha512:{digest[:SHOWN_DIGITS]}"


def _claim_text(attestation: Mapping[str, Any]) -> str:
    """Format a claim; the date is marked as the signer's, since nothing else proves it."""
    name = one_line(attestation["path"].rpartition("/")[2])
    place = " (in the sidecar)" if attestation["beside"] else ""
    if "claimed_at" not in attestation:
        return f"{name}{place}: its statement cannot be read"
    details = attestation["details"]
    parties = f", from {details['from']} to {details['to']}" if {"from", "to"} <= details.keys() else ""
    when = attestation["claimed_at"].replace("+00:00", "Z")
    return one_line(f"{name}{place}: dated {when} by its signer{parties}")


def _signature_text(signature: Mapping[str, Any]) -> str:
    if not signature["is_good"]:
        return f"signature BROKEN: {signature['reason']}"
    principals = signature["principals"]
    if signature["trusted_by"]:
        return f"good signature by {', '.join(principals)}, trusted by {signature['trusted_by']}"
    claimed = (
        f", claimed to belong to {', '.join(signature['claims_to_be'])}" if signature["claims_to_be"] else ""
    )
    return f"good signature by key {signature['key']}{claimed}; {signature['reason'] or NOT_CHECKED_SIGNER}"


def _certificate_text(certificate: Mapping[str, Any]) -> str:
    """Format a certificate; its key id means nothing unless its authority is trusted."""
    serial = f" (serial {certificate['serial']})" if certificate["serial"] != "0" else ""
    name = certificate["key_id"]
    name = name if len(name) <= SHOWN_KEY_ID else name[:SHOWN_KEY_ID] + "…"
    return f"with certificate {name!r}{serial} of authority {certificate['authority']}"


def format_evidence(result: Result, width: int = 80) -> Iterator[str]:
    """Yield for each evidence record since when its files are proved to exist."""
    for record in result.facts.get("evidence", ()):
        if record["proved_at"]:
            text = f"{counted(record['covers'], 'file')} existed at {record['proved_at']}: proved by "
            text += f"{counted(record['timestamps'], 'timestamp')}, the last by {record['authority']}"
            text += f", valid until {record['good_until']}"
        elif record["says"]:
            doubt = record["reason"] or NOT_CHECKED_AUTHORITY
            text = f"dated {record['says']}, not proved: {doubt}"
        else:
            text = f"not valid: {record['reason']}"
        yield from wrap(one_line(text), max(width, MIN_WIDTH), f"        {record['path']}: ", hanging=10)


def _time_text(signature: dict[str, Any]) -> str:
    """Format the time at which a signature existed, proved or only claimed; empty without a timestamp."""
    timestamp = signature.get("timestamp")
    if signature.get("proved_at"):
        own = timestamp is not None and timestamp["path"] == signature["proved_by"]
        where = "" if own else f" ({signature['proved_by']})"
        return f"existed at {signature['proved_at']}: proved by {signature['timestamped_by']}{where}"
    if timestamp is None or timestamp["says"] is None:
        return ""
    doubt = timestamp["reason"] or NOT_CHECKED_AUTHORITY
    authority = timestamp["authority"] or "an unnamed authority"
    return f"dated {timestamp['says']} by {authority}, not proved: {doubt}"


def format_pack_summary(result: Result, seconds: float) -> Iterator[str]:
    """Yield the title and path of the new package, its signers, and a line of counts."""
    facts = result.facts
    payload = facts["payload"]
    yield f"{'would pack' if facts['dry_run'] else 'packed'} {one_line(facts['title'])}"
    if "parts" in facts:
        yield from _format_parts(facts["parts"])
    else:
        yield f"  package    {shown(str(facts['package']))}"
    if facts.get("predecessor"):
        kept = "would be kept as" if facts["dry_run"] else "is kept as"
        sidecar = facts["predecessor_sidecar"]
        kept_sidecar = f", its sidecar as {shown(sidecar)}" if sidecar else ""
        yield f"  replaced   the old package {kept} {shown(facts['predecessor'])}{kept_sidecar}"
    for repair in facts.get("repairs", ()):
        yield f"  repaired   {shown(repair['file'])}"
        yield f"             from {shown(repair['original'])}: {change_words(repair)}"
    manifests = ", ".join(facts["algorithms"])
    if facts["tag_algorithms"] != facts["algorithms"]:
        manifests += f"; of tag files {', '.join(facts['tag_algorithms'])}"
    yield f"  manifests  {manifests}"
    if facts["profile"]:
        yield f"  profile    {one_line(facts['profile'])}"
    for signer in facts["signers"]:
        yield f"  signed by  {signer['principal']} ({signer['key_type']} {signer['key']})"
    if facts["cms_signer"]:
        yield f"  signed by  {one_line(facts['cms_signer'])} (CMS)"
    if facts["stamped_by"]:
        yield f"  stamped by {one_line(facts['stamped_by'])}"
    if not facts["signers"]:
        yield "  signature  none (use --sign KEY)"
    size = format_size(sum(item["size_bytes"] for item in payload))
    parts = [counted(len(payload), "payload file"), size]
    parts += [counted(result.count(Severity.WARNING), "warning"), f"{seconds:.1f} s"]
    yield " · ".join(parts)


def _format_parts(parts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for number, part in enumerate(parts, 1):
        if number <= MAX_SHOWN_PARTS or number == len(parts):
            size = f"{counted(part['files'], 'file')}, {format_size(part['bytes'])}"
            yield f"  part {f'{number} of {len(parts)}':<12} {shown(part['package'])} ({size})"
        elif number == MAX_SHOWN_PARTS + 1:
            yield "  …"


def format_unpack_summary(result: Result, seconds: float) -> Iterator[str]:
    """Yield what was extracted and where, with a reminder that it was not verified."""
    facts = result.facts
    package = shown(str(facts["package"]))
    yield f"unpacked {shown(result.subject)}"
    yield f"  package    {package}"
    yield f"  not verified yet: run archtool verify {shell_word(str(facts['package']))}"
    parts = [counted(facts["files"], "file"), format_size(facts["bytes"])]
    parts += [counted(result.count(Severity.WARNING), "warning"), f"{seconds:.1f} s"]
    yield " · ".join(parts)


def format_payload_summary(result: Result, seconds: float) -> Iterator[str]:
    """Yield where the payload was written to, and what was left behind in the package."""
    facts, package = result.facts, shown(result.subject)
    left = facts["left_behind"]
    parts = ["the description"] if left["description"] else []
    parts += [counted(left["attestations"], "attestation")] if left["attestations"] else []
    parts.append(f"{counted(len(left['tag_files']), 'tag file')}{' in all' if parts else ''}")
    yield f"unpacked the payload of {package}"
    yield f"  folder     {shown(str(facts['folder']))}"
    yield f"  checked    each file agrees with its digests ({', '.join(facts['algorithms'])})"
    if facts["part"]:
        group = one_line(facts["group"] or "without a name")
        yield f"  part       {one_line(facts['part'])} of the group {group}: the other parts have more files"
    yield f"  left in {package}: {', '.join(parts)}"
    if left["sidecar"]:
        yield f"  left in {shown(left['sidecar'])}: the attestations beside the package"
    yield "  keep the package: the folder alone does not state what the files are, and cannot be verified"
    counts = [counted(facts["files"], "payload file"), format_size(facts["bytes"])]
    counts += [counted(result.count(Severity.WARNING), "warning"), f"{seconds:.1f} s"]
    yield " · ".join(counts)


def format_planned_files(result: Result) -> Iterator[str]:
    """Yield one line for each payload file that `pack --dry-run` would pack."""
    for item in result.facts["payload"]:
        yield f"  {shown(item['path'])}  {format_size(item['size_bytes'])}"


def format_check_summary(result: Result) -> str:
    """Return whether the description can be packed, and the counts."""
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    parts = [counted(errors, "error"), counted(warnings, "warning")]
    files = result.facts["files"]
    parts.append(f"{counted(files, 'file')} read" if files or not errors else "no files read")
    if "bytes" in result.facts and (files or not errors):
        parts.append(format_size(result.facts["bytes"]))
    return ("cannot be packed yet: " if errors else "can be packed: ") + " · ".join(parts)
