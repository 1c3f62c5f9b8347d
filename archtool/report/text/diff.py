"""Formats the differences between two bags as text: grouped, marked, and bounded in length."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archtool.files.paths import shown
from archtool.findings import Severity
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.report.text.result import format_findings
from archtool.results import Result

Facts = Mapping[str, Any]
MAX_SHOWN_PER_GROUP = 20  # lines of one class, or of one document; --json has them all
SHOWN_IN_GROUPS = frozenset(
    f"diff.{code}"
    for code in (
        "payload-changed", "payload-missing", "payload-added", "payload-moved", "file-kind", "name-form",
        "metadata-changed", "metadata-form", "metadata-missing", "metadata-added", "metadata-moved",
        "trust-lower", "trust-higher", "attestation-missing", "attestation-added", "attestation-changed",
    )
)  # fmt: skip
"""The findings that the groups show; all others follow them as findings."""
_VALUE_CHARS = 160  # of one value
_LONG_HEX = re.compile(r"\b[0-9a-f]{32,}\b")
_MARKS = {"changed": "~", "missing": "-", "added": "+", "moved": "→", "order": "~"}
_CLASSES = {
    "changed": "changed",
    "missing": "missing",
    "added": "added",
    "moved": "moved",
    "other_kind": "of a different type",
    "not_compared": "not compared",
}
_LABEL_WIDTH = 9
_HOW = {"form": "different form, same content", "bytes": "different bytes"}


def format_diff(result: Result, width: int = 80) -> Iterator[str]:
    """Yield the two names, the three verdicts, each difference, and then the other findings."""
    width = max(width, MIN_WIDTH)
    facts = result.facts
    yield from wrap(f"{shown(result.subject)} → {shown(facts['other'])}", width, hanging=2)
    if "payload" in facts:
        yield from _verdicts(result, width)
        yield from _section("Payload", _payload_lines(facts, width))
        yield from _section("Metadata", _metadata_lines(facts["metadata"], width))
        yield from _section("Trust", _trust_lines(facts["trust"], width))
    others = [finding for finding in result.findings if finding.code not in SHOWN_IN_GROUPS]
    yield from _section("Findings", format_findings(others, width))


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    for i, line in enumerate(lines):
        if i == 0:
            yield from ("", title)
        yield line


def _verdicts(result: Result, width: int) -> Iterator[str]:
    facts, verdict = result.facts, result.verdict
    payload, trust = facts["payload"], facts["trust"]
    parts = [f"{len(payload[key]):,} {words}" for key, words in _CLASSES.items() if payload[key]]
    parts.append(f"{payload['same']:,} the same")
    files, attestations = _count(facts["metadata"]), len(trust["attestations"])
    both = trust["one"] if trust["one"] == trust["other"] else f"{trust['one']} → {trust['other']}"
    both += f", {counted(attestations, 'attestation')} with differences" if attestations else ""
    for name, detail in (
        ("payload", f": {', '.join(parts)}"),
        ("metadata", f": {counted(files, 'tag file')} with differences" if files else ""),
        ("trust", f": {both}"),
    ):
        yield from wrap(f"{verdict[name]}{detail}", width, f"  {name:<10}")
    for side, bag in (("ONE", facts["one_bag"]), ("OTHER", facts["other_bag"])):
        if bag["sidecar"] is not None:
            yield from wrap(f"{side}: {shown(bag['sidecar'])}", width, f"  {'sidecar':<10}")


def _payload_lines(facts: Facts, width: int) -> Iterator[str]:
    payload = facts["payload"]
    remarks = _remarks(facts)
    for name in ("changed", "missing", "added", "moved"):
        lines = [_file_text(name, item, remarks) for item in payload[name]]
        yield from _group(name, lines, width)
    yield from _kind_and_name_differences(payload, width)


def _kind_and_name_differences(files: Facts, width: int) -> Iterator[str]:
    kinds = [f"{shown(i['path'])}: {i['kind']} → {i['other_kind']}" for i in files["other_kind"]]
    yield from _group("kind", kinds, width, mark="~")
    # as code points: on the screen the two can look identical
    names = [f"{i['path']!a} is {i['other_path']!a} in OTHER" for i in files["other_name_form"]]
    yield from _group("name form", names, width, mark="≈")


def _remarks(facts: Facts) -> dict[str, list[str]]:
    """Return remarks by path: a damaged, lost or unfetched file differs without being a new version."""
    remarks: dict[str, list[str]] = {}
    for damage in facts["damaged"]:
        remark = f"damaged in {damage['side']}"
        if remark not in remarks.setdefault(damage["path"], []):
            remarks[damage["path"]].append(remark)
    for lost in facts["lost"]:
        remark = "not fetched yet" if lost["is_to_fetch"] else "lost: listed in its manifest"
        remarks.setdefault(lost["path"], []).append(f"in {lost['side']} {remark}")
    return remarks


def _file_text(name: str, item: Facts, remarks: Mapping[str, list[str]]) -> str:
    parts = [shown(item["path"])]
    if name == "moved":
        parts = [f"{shown(item['path'])} → {shown(item['other_path'])}"]
    if item.get("kind", "file") != "file":
        parts.append(item["kind"])
    if item.get("size_bytes") is not None:
        parts.append(_size_text(item))
    if item.get("equals") is not None:
        parts.append(f"same bytes as {shown(item['equals'])}")
    paths = dict.fromkeys((item["path"], item.get("other_path", item["path"])))
    return ", ".join((*parts, *(remark for path in paths for remark in remarks.get(path, ()))))


def _size_text(item: Facts) -> str:
    size = format_size(item["size_bytes"])
    other = item.get("other_size_bytes", item["size_bytes"])
    return size if other == item["size_bytes"] else f"{size} → {format_size(other)}"


def _metadata_lines(metadata: Facts, width: int) -> Iterator[str]:
    for change in metadata["changed"]:
        name = shown(change["file"])
        name += f" → {shown(change['other_file'])}" if change["other_file"] != change["file"] else ""
        how = _HOW.get(change["how"])
        yield from _line("changed", f"{name}: {how}" if how else name, width)
        yield from _differences(change, width)
    for name in ("missing", "added", "moved"):
        yield from _group(name, [_file_text(name, item, {}) for item in metadata[name]], width)
    yield from _kind_and_name_differences(metadata, width)


def _trust_lines(trust: Facts, width: int) -> Iterator[str]:
    if trust["one"] != trust["other"]:
        yield from _line("changed", f"{trust['one']} in ONE, {trust['other']} in OTHER", width)
    for change in trust["attestations"]:
        who = f" by {', '.join(map(one_line, change['claimants']))}" if change["claimants"] else ""
        yield from _line(change["change"], f"{shown(change['path'])}{who}", width)
        yield from _differences(change, width)


def _differences(change: Facts, width: int) -> Iterator[str]:
    differences: Sequence[Facts] = change["differences"]
    for difference in differences[:MAX_SHOWN_PER_GROUP]:
        yield from _line(difference["change"], _difference_text(difference), width, indent=4)
    rest = len(differences) - MAX_SHOWN_PER_GROUP
    if rest > 0:
        yield _more(rest + change["more"], indent=4)


def _difference_text(difference: Facts) -> str:
    where = one_line(difference["path"]) or "the whole document"
    if difference["change"] == "order":
        return f"{where}: same items in a different order"
    values = [] if difference["change"] == "added" else [_value(difference["one"])]
    values += [] if difference["change"] == "missing" else [_value(difference["other"])]
    return f"{where}: {' → '.join(values)}"


def _value(value: Any) -> str:
    """Format a value; a digest is shortened to its first and last digits."""
    text = one_line(json.dumps(value, ensure_ascii=False))
    text = _LONG_HEX.sub(lambda found: f"{found[0][:8]}…{found[0][-4:]}", text)
    return text if len(text) <= _VALUE_CHARS else text[:_VALUE_CHARS] + "…"


def _group(name: str, items: Sequence[str], width: int, mark: str = "") -> Iterator[str]:
    for text in items[:MAX_SHOWN_PER_GROUP]:
        yield from _line(name, text, width, mark=mark)
    if len(items) > MAX_SHOWN_PER_GROUP:
        yield _more(len(items) - MAX_SHOWN_PER_GROUP, f" {name}")


def _line(name: str, text: str, width: int, *, indent: int = 2, mark: str = "") -> list[str]:
    lead = f"{' ' * indent}{mark or _MARKS[name]} {name:<{_LABEL_WIDTH}} "
    return wrap(text, width, lead)


def _more(count: int, what: str = "", *, indent: int = 2) -> str:
    return f"{' ' * indent}… and {count:,} more{what} (--json lists them all)"


def _count(files: Facts) -> int:
    """Count the files that differ in any way."""
    return sum(len(files[name]) for name in ("changed", "missing", "added", "moved", "other_kind"))


def format_diff_summary(result: Result, seconds: float) -> str:
    """Return the last line: how many differences there are, and how much was read."""
    facts = result.facts
    if "payload" not in facts:
        return f"nothing was compared · {seconds:.1f} s"
    checked, trust = facts["checked"], facts["trust"]
    differences = _count(facts["payload"]) + _count(facts["metadata"]) + len(trust["attestations"])
    differences += trust["one"] != trust["other"]
    parts = [counted(differences, "difference")]
    if not differences:
        problems = result.count(Severity.ERROR)
        same = f"{counted(facts['payload']['same'], 'payload file')} the same"
        parts = [f"No difference found, but {counted(problems, 'problem')}"] if problems else []
        parts += [same if problems else f"No difference: {same}"]
    if facts["compared"] == "manifests":
        parts.append("by manifest: no payload byte was read")
    else:
        parts += [f"{counted(checked['files'], 'file')} read", format_size(checked["bytes"])]
    return " · ".join([*parts, f"{seconds:.1f} s"])
