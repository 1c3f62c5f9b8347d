"""Builds the facts about formats that the provenance records: of each file, and in total of each folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from archtool.files.hashing.file_record import FileRecord
from archtool.findings import Finding
from archtool.formats.model import PRONOM, FormatReport, ReportedFile
from archtool.operations.formats.first_bytes import MediaType, media_type_of, name_finding
from archtool.operations.formats.report_matching import MatchedReport, ambiguity_findings
from archtool.operations.history.formats import FormatFacts
from archtool.operations.sources.folders import folder_of
from archtool.provenance.file_formats import format_of_name
from archtool.provenance.model import Facts
from archtool.text.file_signatures import Format


def identify_formats(
    payload: Sequence[FileRecord],
    recognised: Mapping[str, Format],
    texts: Collection[str] = (),
    report: FormatReport | None = None,
    root: Path | None = None,
) -> tuple[FormatFacts, list[Finding]]:
    """Return the facts about the format of each payload file, by its path, and findings.

    `recognised` has the formats that first bytes show, by path; `texts` are the names of the transcriptions,
    whose encoding is checked elsewhere. With a report, its formats are recorded; a
    file that it does not have is identified by its name and first bytes. A file about which nothing but its
    name is known has no facts.
    """
    matched = MatchedReport(report, root) if report is not None else None
    facts: dict[str, Mapping[str, str]] = {}
    findings: list[Finding] = []
    for record in payload:
        media_type = media_type_of(record.path, recognised.get(record.path))
        reported = matched.find(record) if matched is not None else None
        if matched is not None and reported is not None:
            facts[record.path] = _reported_facts(reported, matched.report.tool, media_type)
            findings += ambiguity_findings(record, reported)
        elif media_type.basis is not None:
            facts[record.path] = _media_type_facts(media_type)
        name = record.path.removeprefix("data/")
        finding = name_finding(name, media_type) if name not in texts else None
        findings += [finding] if finding is not None else []
    return facts, [*findings, *(matched.findings if matched is not None else ())]


def _media_type_facts(media_type: MediaType) -> dict[str, str]:
    facts = {
        "media-type": media_type.name,
        "format-basis": media_type.basis,
        "format-warning": media_type.warning,
    }
    return {name: text for name, text in facts.items() if text is not None}


def _reported_facts(reported: ReportedFile, tool: str, media_type: MediaType) -> dict[str, str]:
    if not reported.formats:
        basis = f"{media_type.basis or 'name'}; {tool} does not know the format"
        return _media_type_facts(media_type._replace(basis=basis))
    first, *others = reported.formats
    warnings = [first.warning, *(f"it can also be {other.key}" for other in others), media_type.warning]
    facts = {
        "media-type": first.media_type or media_type.name,
        "format-key": f"{PRONOM} {first.key}",
        "format-name": first.name,
        "format-version": first.version,
        "format-basis": f"{tool}: {first.basis}" if first.basis else tool,
        "format-warning": "; ".join(filter(None, warnings)) or None,
    }
    return {name: text for name, text in facts.items() if text}


def add_folders(facts: FormatFacts, folders: Collection[str], paths: Iterable[str]) -> FormatFacts:
    """Add to each declared folder how many of its files have which format.

    `folders` are the declared folders and `paths` the files that only a folder declares, all below `data/`.
    """
    members: dict[str, list[str]] = {}
    for path in paths:
        folder = folder_of(path, folders)
        if folder is not None:
            members.setdefault(folder, []).append(path)
    totals = {folder: {"formats": count_formats(files, facts)} for folder, files in members.items()}
    return {**facts, **totals}


def count_formats(paths: Iterable[str], facts: FormatFacts) -> tuple[str, ...]:
    """Return the number of files of each format, the most frequent first: `120 × image/jpeg`."""
    counts = Counter(format_label(path, facts.get(path, {})) for path in paths)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(f"{count} × {label}" for label, count in ordered)


def format_label(path: str, facts: Facts) -> str:
    """Return the format of a file for people: its name with the key, or its media type."""
    name, version, key = (str(facts.get(f"format-{part}", "")) for part in ("name", "version", "key"))
    if not key:
        return str(facts.get("media-type") or format_of_name(path))
    return f"{' '.join(filter(None, (name, version)))} ({key})"
