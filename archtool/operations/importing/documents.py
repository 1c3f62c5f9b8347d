"""Makes the drafts of one file: one for a page, one for each record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archtool.description.placeholders import TEXT_FILE
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding, bounded
from archtool.operations.describe.draft import FILE_NAME
from archtool.operations.importing.draft_format import DraftValues, format_draft, marked_count
from archtool.operations.importing.inputs import InputFile
from archtool.operations.importing.limits import MAX_COPIES_BYTES, MAX_FINDINGS
from archtool.operations.importing.names import file_name, plain_name
from archtool.operations.importing.page_draft import PageDraft, PageFiles
from archtool.operations.importing.reading import Form, ReadText, form_of_content, form_of_name, read_text
from archtool.operations.importing.record_draft import RecordDraft, RecordFiles
from archtool.operations.importing.unplaced import unplaced_comment, unplaced_finding
from archtool.pages.limits import MAX_PAGE_BYTES
from archtool.records.limits import MAX_RECORDS
from archtool.records.model import Record, RecordFile
from archtool.text.file_signatures import HEAD_BYTES, recognise

_HINT = (
    "HTML pages, TEI, Dublin Core (XML), CSL-JSON, BibTeX and RIS can be imported; to describe a folder of"
    " other files, run: archtool new FOLDER"
)


@dataclass(frozen=True, slots=True)
class Document:
    """A draft with the files that belong to it, not written yet."""

    name: str
    """What its folder is called, if nothing else has that name."""
    form: str
    files: Mapping[str, bytes]
    """The draft, the text and the imported file, by name."""
    kept: str
    """The name of the imported file among them; empty if it is not copied."""
    placed: tuple[str, ...]
    """The keys that have offered values."""
    to_confirm: int
    not_placed: int
    findings: tuple[Finding, ...]


def read_documents(source: InputFile, data: bytes, encoding: str | None) -> Iterator[Document]:
    """Yield the drafts of one file.

    Raises:
        InputError: it is of no known kind, or cannot be parsed.
    """
    form = form_of(source, data)
    if form is Form.PAGE:
        yield _page(source, data, encoding)
        return
    parsed = parse_records(source, data, form, encoding)
    if parsed is None:
        yield _page(source, data, encoding)
        return
    records, findings = parsed
    count = len(records.records)
    # the file is kept beside each text that it contains, unless that multiplies a large one
    is_kept = count == 1 or (
        len(data) * count <= MAX_COPIES_BYTES and any(one.text for one in records.records)
    )
    for number, record in enumerate(records.records, start=1):
        yield _record(
            source, data if is_kept else b"", records, record, number, findings if number == 1 else ()
        )


def form_of(source: InputFile, data: bytes) -> Form:
    """Return what a file is, by its name or its content.

    Raises:
        InputError: neither shows it, or it is a document of another kind.
    """
    known = recognise(data[:HEAD_BYTES])
    if known is not None and known.name not in ("XML", "HTML"):
        raise InputError(f"{source.shown_name} is {known.name}, which is not imported", hint=_HINT)
    if not data.strip():
        raise InputError(
            f"{source.shown_name} is empty", hint="there is nothing in it to import: get the file again"
        )
    form = form_of_name(source.name) or form_of_content(data)
    if form is None:
        raise InputError(f"it is not clear what {source.shown_name} is", hint=_HINT)
    return form


def parse_records(
    source: InputFile, data: bytes, form: Form, encoding: str | None
) -> tuple[RecordFile, tuple[Finding, ...]] | None:
    """Return the records of a file; `None` if it is a page in XML.

    Raises:
        InputError: it cannot be parsed, or has no record.
    """
    findings: tuple[Finding, ...] = ()
    if form is Form.XML:
        found = _parse_xml(source, data)
        if found is None:
            return None
    elif form is Form.CSL_JSON:
        from archtool.records.csl_json import read_csl_json  # lazy: each form is needed by few imports

        found = read_csl_json(data, source.shown_name)
    else:
        read = read_text(data, source.shown_name, encoding)
        findings, found = read.findings, _parse_text(read, form)
    if not found.records:
        first = next(iter(found.leftovers), None)
        fault = f": {first.label}, line {first.line}" if first is not None and first.line else ""
        hint = "correct it there, or export the records again" if fault else _HINT
        raise InputError(f"{source.shown_name} has no record of {found.form}{fault}", hint=hint)
    if len(found.records) > MAX_RECORDS:
        raise InputError(f"{source.shown_name} has more than {MAX_RECORDS:,} records", hint="split the file")
    return found, findings


def _parse_text(read: ReadText, form: Form) -> RecordFile:
    if form is Form.BIBTEX:
        # lazy: 60 ms (bibtexparser, pylatexenc), only BibTeX needs it
        from archtool.records.bibtex import read_bibtex

        return read_bibtex(read.text)
    from archtool.records.ris import read_ris  # lazy: each form is needed by few imports

    return read_ris(read.text)


def _parse_xml(source: InputFile, data: bytes) -> RecordFile | None:
    # lazy: 15 ms (lxml), only XML and pages need it
    from archtool.records.dublin_core import read_dublin_core
    from archtool.records.tei import read_tei
    from archtool.records.xml_tree import local_name, parse_xml

    root = parse_xml(data, source.shown_name)
    if local_name(root).lower() == "html":
        return None
    found = read_tei(root) or read_dublin_core(root)
    if found is None:
        name = local_name(root)
        raise InputError(f"{source.shown_name} is XML, but neither TEI nor Dublin Core: <{name}>", hint=_HINT)
    return found


def _page(source: InputFile, data: bytes, encoding: str | None) -> Document:
    from archtool.pages.page import read_page  # lazy: 15 ms (lxml), only pages need it

    if len(data) > MAX_PAGE_BYTES:
        raise InputError(f"the page is larger than {MAX_PAGE_BYTES:,} bytes: {source.shown_name}")
    read = read_text(data, source.shown_name, encoding)
    page = read_page(read.text, source.shown_name)
    kept = file_name(source.name)
    stem = kept.rpartition(".")[0] or kept
    text = f"{stem}.txt" if page.text else TEXT_FILE
    files = PageFiles(kept, text, source.shown_name, stem, read.encoding, read.doubt)
    draft, findings = PageDraft(page, files).build()
    parts = {kept: data, **({text: page.text.encode()} if page.text else {})}
    made = _Parts(_stem(source), "HTML page", draft, parts, kept)
    return _document(source, made, (*read.findings, *findings))


def _record(
    source: InputFile,
    data: bytes,
    records: RecordFile,
    record: Record,
    number: int,
    findings: tuple[Finding, ...],
) -> Document:
    kept = file_name(source.name) if data else ""
    key = str(record.item.get("id", "") or "")
    name = _stem(source) if len(records.records) == 1 else f"{_stem(source)}-{key or number}"
    text = f"{plain_name((kept or name).rpartition('.')[0] or name)}.txt" if record.text else ""
    files = RecordFiles(source.shown_name, records.form, shown(source.path), text, kept)
    draft, own = RecordDraft(record, files).build()
    parts = {**({kept: data} if kept else {}), **({text: record.text.encode()} if text else {})}
    if number == 1:
        for leftover in records.leftovers:
            place = source.shown_name, leftover.line
            own.append(unplaced_finding(leftover.label, leftover.value, *place))
            draft.not_placed.append(unplaced_comment(leftover.label, leftover.value, f"line {leftover.line}"))
    return _document(source, _Parts(name, records.form, draft, parts, kept), (*findings, *own))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a document."""

    name: str
    form: str
    draft: DraftValues
    files: Mapping[str, bytes]
    kept: str


def _document(source: InputFile, parts: _Parts, findings: Sequence[Finding]) -> Document:
    values = parts.draft.values
    return Document(
        parts.name,
        parts.form,
        {FILE_NAME: format_draft(parts.draft, shown(source.path), FILE_NAME).encode(), **parts.files},
        parts.kept,
        tuple(key for key, value in values.items() if marked_count(value)),
        marked_count(values),
        len(parts.draft.not_placed),
        tuple(bounded(findings, MAX_FINDINGS)),
    )


def _stem(source: InputFile) -> str:
    path = source.path.replace("/", "-")
    return path.rpartition(".")[0] or path
