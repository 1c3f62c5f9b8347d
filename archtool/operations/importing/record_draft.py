"""Drafts the description of a document from a record: what it says is offered, the rest becomes comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archtool.csl_dates import DATE_VARIABLES
from archtool.description import placeholders
from archtool.description.dates import why_not_edtf
from archtool.description.languages import language_tag_of
from archtool.findings import Finding, clip
from archtool.operations.describe.offers import marked
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.draft_format import DraftValues
from archtool.operations.importing.page_draft import METHOD, TEXT_ID, fits
from archtool.operations.importing.statements import find_date
from archtool.operations.importing.unplaced import unplaced_comment, unplaced_finding
from archtool.records.model import Record
from archtool.schemas import load_schema

_OF_DOCUMENT = frozenset(["id", "type", "title", "author", "language", "abstract"])
_OWN_NAMES = {"issued": "date", "publisher-place": "place", "page": "pages"}


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """The names that a draft of a record declares."""

    source: str
    """The file, as it was named, for messages."""
    form: str
    name: str
    """The file in the draft: without the folders of this computer."""
    text: str = ""
    """The file with the text; empty if the record has none."""
    kept: str = ""
    """The file itself, if it is copied beside the draft."""


class RecordDraft:
    """Builds the draft of one record, and the findings about it."""

    def __init__(self, record: Record, files: RecordFiles) -> None:
        self.draft = DraftValues()
        self.findings: list[Finding] = []
        self._record = record
        self._about = record.about
        self._files = files
        self._where = f"line {record.line} of {files.name}" if record.line else files.name

    def build(self) -> tuple[DraftValues, list[Finding]]:
        """Return the values and the findings."""
        about = self._about
        self._offer_text("title", about.title)
        if "title" not in self.draft.values:
            self.draft.add("title", placeholders.TITLE, "the record has no title")
        self._offer_text("abstract", about.abstract)
        self._add_date()
        self._add_language()
        self._add_creators()
        self._add_source()
        self._add_translation()
        self._add_files()
        if about.rights:
            if fits(about.rights):
                self.draft.add("rights", {"transcription": {"statement": marked(about.rights)}}, self._where)
            else:
                self._not_placed("rights", about.rights, None)
        for leftover in self._record.leftovers:
            self._not_placed(leftover.label, leftover.value, leftover.line)
        return self.draft, self.findings

    def _not_placed(self, label: str, value: str, line: int | None) -> None:
        where = f"line {line}" if line else "the record"
        self.draft.not_placed.append(unplaced_comment(label, value, where))
        self.findings.append(unplaced_finding(label, value, self._files.source, line))

    def _offer_text(self, key: str, value: str) -> None:
        if value and fits(value):
            self.draft.add(key, marked(value), self._where)
        elif value:
            self._not_placed(key, value, self._record.line)

    def _add_date(self) -> None:
        if not self._about.date:
            return
        found = find_date(self._about.date)
        if found is None:
            self._not_placed("date", self._about.date, self._record.line)
            return
        also = f"; it can also be {' or '.join(found[1])}" if found[1] else ""
        self.draft.add("date", marked(found[0]), f"{self._where}: {clip(self._about.date, 100)}{also}")

    def _add_language(self) -> None:
        if not self._about.language:
            return
        tag = language_tag_of(self._about.language)
        if tag is not None:
            self.draft.add("language", marked(tag), self._where)
        elif self._about.source or self._record.item.get("language") != self._about.language:
            self._not_placed("language", self._about.language, self._record.line)

    def _add_creators(self) -> None:
        creators = []
        for name, role in self._about.creators:
            if fits(name):
                creators.append({"name": marked(name), "role": role})
            elif name:
                self._not_placed(role, name, self._record.line)
        if creators:
            self.draft.add("creators", creators, self._where)

    def _add_source(self) -> None:
        if self._about.source and fits(self._about.source):
            self.draft.add("source", marked(self._about.source), self._where)
            self._list_item()
            return
        fields = self._source_fields()
        if self._about.source:
            self._not_placed("source", self._about.source, self._record.line)
        if len(fields) > 1:
            self.draft.add("source", fields, f"{self._where}, which is {self._files.form}")
            self.draft.note("source", "This is what the text was taken from, if the record is about that")
        else:
            name = f"{self._files.form} record of {self._files.name}"
            self.draft.add(
                "source", marked(name), "The record names no source: write what the text was taken from"
            )

    def _list_item(self) -> None:
        """List the parts of the record that are not in a source in words."""
        for variable, value in self._record.item.items():
            if variable not in _OF_DOCUMENT and not (variable == "issued" and self._about.date):
                self._not_placed(variable, _in_words(value), self._record.line)

    def _source_fields(self) -> dict[str, Any]:
        known = load_schema("description.schema.json")["$defs"]["source"]["properties"]
        kind = self._record.item.get("type", "document")
        fields: dict[str, Any] = {"type": kind if kind in known["type"]["enum"] else "document"}
        for variable, value in self._record.item.items():
            name = _OWN_NAMES.get(variable, variable)
            if variable in ("type", "abstract"):
                continue
            offered = self._offered(variable, value) if name in known else None
            if offered is None:
                self._not_placed(variable, _in_words(value), self._record.line)
            else:
                fields[name] = offered
        if kind != fields["type"]:
            self._not_placed("type", str(kind), self._record.line)
        return fields

    def _offered(self, variable: str, value: Any) -> Any:
        if variable in DATE_VARIABLES:
            return _offered_date(value)
        if isinstance(value, list):
            names = [_offered_name(name) for name in value]
            return names if names and all(names) else None
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if variable == "language":
            tag = language_tag_of(text) if text else None
            return marked(tag) if tag is not None else None
        return marked(text) if fits(text) else None

    def _add_translation(self) -> None:
        about = self._about
        if not about.translators and not about.translation:
            return
        to = language_tag_of(about.language) if about.language else None
        if to is None or not all(map(fits, about.translators)):
            self._not_placed(
                "translator", about.translation or "; ".join(about.translators), self._record.line
            )
            return
        translation: dict[str, Any] = {"to": marked(to)}
        if about.translation and fits(about.translation):
            translation["credit"] = marked(about.translation)
        if about.translators:
            translation["translators"] = [{"name": marked(name)} for name in about.translators]
        self.draft.add("translation", translation, self._where)

    def _add_files(self) -> None:
        about, files = self._about, self._files
        text: dict[str, Any] = {"file": files.text or placeholders.TEXT_FILE, "id": TEXT_ID}
        if "language" in self.draft.values:
            text["language"] = self.draft.values["language"]
        if about.transcription and fits(about.transcription):
            text["credit"] = marked(about.transcription)
        if files.text:
            text["method"] = METHOD.format(name=files.kept or files.name)
        if about.transcribers and all(map(fits, about.transcribers)):
            text["transcribers"] = [{"name": marked(name)} for name in about.transcribers]
        self.draft.add("transcription", [text])
        if not files.text:
            self.draft.note(
                "transcription", "The record has no text: save it beside this draft, and name it here."
            )
            self.findings.append(
                finding_kinds.NO_TEXT.at("the record contains no text", files.source, self._record.line)
            )
        if files.kept:
            kept = {
                "file": files.kept,
                "role": "other",
                "of": TEXT_ID,
                "title": f"The {files.form} file, as it was found",
            }
            self.draft.add("files", [kept], "The file itself, byte for byte.")


def _offered_date(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return None
    text = edtf_of(value)
    if text is not None:
        return marked(text)
    literal = value.get("literal") or value.get("raw")
    return {"literal": marked(str(literal))} if literal and fits(str(literal)) else None


def edtf_of(value: Mapping[str, Any]) -> str | None:
    """Return a CSL date as EDTF; `None` if it is not a plain date or an interval of two."""
    if not set(value) <= {"date-parts", "circa"} or not isinstance(value.get("date-parts"), list):
        return None
    try:
        ends = [
            "-".join(f"{int(part):0{width}}" for part, width in zip(end, (4, 2, 2), strict=False))
            for end in value["date-parts"]
        ]
    except (TypeError, ValueError):
        return None
    mark = "~" if value.get("circa") else ""
    text = "/".join(f"{end}{mark}" for end in ends)
    return text if text and why_not_edtf(text) is None else None


def _offered_name(name: Any) -> dict[str, str] | None:
    if not isinstance(name, Mapping):
        return {"literal": marked(str(name))} if isinstance(name, str) and fits(name) else None
    keys = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
    if not set(name) <= {*keys, "comma-suffix", "static-ordering", "parse-names"}:
        return None
    named = {key: str(name[key]) for key in keys if name.get(key)}
    return (
        {key: marked(text) for key, text in named.items()}
        if named and all(map(fits, named.values()))
        else None
    )


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_in_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return str(value)
