"""Reads what exports say about payload files, and the transcriptions that they contain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from archtool.bagit.finding_kinds import FILE_MISSING
from archtool.bagit.fixity import FixityTask, plan_fixity
from archtool.bagit.tag_files.path_encoding import brief
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.exports.catalogue.record import PayloadFile, Text
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.content.metadata import manifest_digests
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.export import finding_kinds
from archtool.operations.finding_kinds import DESCRIBED_FILE_MISSING
from archtool.operations.history.formats import stated_formats
from archtool.operations.limits import MAX_EXPORTED_TEXT_BYTES
from archtool.operations.open_package.compared_read import read_compared
from archtool.operations.open_package.package_paths import PROVENANCE_PATH
from archtool.provenance.file_formats import format_of_name

_STRONGEST_FIRST = (
    Algorithm.SHA512, Algorithm.SHA384, Algorithm.SHA256, Algorithm.SHA3_512, Algorithm.BLAKE2B,
    Algorithm.SHA3_256, Algorithm.BLAKE2S, Algorithm.SHA224, Algorithm.SHA1, Algorithm.MD5,
)  # fmt: skip
"""The members of SHA-2 come first: other formats have names for them."""
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9][A-Za-z0-9.+_-]*")
_UNKNOWN = "of an unknown format"
PLAIN_TEXTS = frozenset({"text/plain", "text/markdown"})


def payload_files(package: OpenPackage) -> tuple[PayloadFile, ...]:
    """Return each payload file that a manifest lists or that exists, by path; nothing is read."""
    listed = {
        path: [
            Digest(algorithm, digests[algorithm]) for algorithm in _STRONGEST_FIRST if algorithm in digests
        ]
        for path, digests in manifest_digests(package.bag).items()
    }
    payload, types = package.layout.payload, _recorded_types(package)
    on_disk = {path: package.layout.disk_path(path) for path in listed}
    unlisted = payload.keys() - {path for path in on_disk.values() if path is not None}
    return tuple(
        PayloadFile(
            path=path,
            digests=tuple(listed.get(path, ())),
            size_bytes=payload.get(on_disk.get(path, path) or ""),
            media_type=_media_type(types.get(path) or format_of_name(path)),
        )
        for path in sorted(listed.keys() | unlisted)
    )


def _media_type(name: str) -> str | None:
    """Return a media type; `None` for a word that is none, such as `unknown`."""
    return name if _MEDIA_TYPE.fullmatch(name) else None


def _recorded_types(package: OpenPackage) -> Mapping[str, str]:
    """Return the media types that the provenance records."""
    try:
        document = package.metadata.json(PROVENANCE_PATH)
    except InputError:  # verify reports it
        return {}
    entities = document.get("entity") if isinstance(document, Mapping) else None
    stated = stated_formats(entities if isinstance(entities, Mapping) else {})
    types = {path: facts.get("media-type") for path, facts in stated.items()}
    return {path: name for path, name in types.items() if isinstance(name, str)}


@dataclass(slots=True)
class ReadTexts:
    """The transcriptions of a package."""

    texts: dict[str, Text] = field(default_factory=dict)
    """By the path below `data/`."""
    findings: list[Finding] = field(default_factory=list)
    """Files that differ from their manifest, are missing or cannot be read, and texts that are left out."""

    def leave_out(self, name: str, problem: str) -> None:
        """Record that a text is not in the export, and why."""
        self.texts[name] = Text(problem=problem)
        path = f"data/{name}"
        message = f"{shown(path)} is not in the export: {problem}"
        self.findings.append(finding_kinds.EXPORT_TEXT_LEFT_OUT.at(message, path))


def read_texts(package: OpenPackage, description: Description, files: Iterable[PayloadFile]) -> ReadTexts:
    """Read each transcription and each annexe that is plain text, and compare it with its manifest."""
    types = {file.path: file.media_type or _UNKNOWN for file in files}
    encodings = {part.file: part.encoding for part in description.transcription}
    read, left_bytes = ReadTexts(), MAX_EXPORTED_TEXT_BYTES
    for name in _text_files(description):
        path = package.layout.disk_path(f"data/{name}")
        media_type = types.get(f"data/{name}") or types.get(path or "", _UNKNOWN)
        tasks = plan_fixity(package.bag, package.layout, {path}) if path is not None else ()
        if path is None:
            read.leave_out(name, "it is not in the package")
            read.findings += _missing(package, f"data/{name}")
        elif not tasks:
            read.leave_out(name, "no manifest lists it")
        elif media_type not in PLAIN_TEXTS:
            read.leave_out(name, f"it is {media_type}, not plain text")
        elif tasks[0].size_bytes > left_bytes:
            read.leave_out(name, f"the texts have more than {MAX_EXPORTED_TEXT_BYTES:,} bytes")
        else:
            left_bytes -= tasks[0].size_bytes
            _read_text(package, tasks[0], name, encodings.get(name), read)
    return read


def _missing(package: OpenPackage, path: str) -> Iterator[Finding]:
    """Yield that a text which the package promises is missing, unless it is to be fetched."""
    if any(item.path == path for item in package.bag.fetch):
        return
    is_listed = False
    for manifest in package.bag.manifests:
        for entry in manifest.entries:
            if entry.path == path:
                is_listed = True
                message = f"{brief(path)} is listed but missing"
                yield FILE_MISSING.at(message, manifest.name, entry.line)
    if not is_listed:
        yield DESCRIBED_FILE_MISSING.at(
            f"{shown(path)} is declared but missing", package.metadata.description_path
        )


def _text_files(description: Description) -> tuple[str, ...]:
    names = [part.file for part in description.transcription]
    for _, annexe in description.all_annexes():
        names += [annexe.file] if annexe.file else []
        names += [annexe.within.file] if annexe.within else []
    return tuple(dict.fromkeys(names))


class _Bytes:
    """A sink that keeps all bytes of a file; its size was checked before."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def update(self, data: memoryview, /) -> None:
        """Keep the next bytes."""
        self.kept += data


def _read_text(
    package: OpenPackage, task: FixityTask, name: str, encoding: str | None, texts: ReadTexts
) -> None:
    sink = _Bytes()
    record, differing = read_compared(package.source, task, sink)
    texts.findings += differing
    if record is None:
        texts.leave_out(name, "it cannot be read")
        return
    encoding = encoding or "utf-8"
    try:
        text = bytes(sink.kept).decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        texts.leave_out(name, f"it is not {encoding}")
        return
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    texts.texts[name] = Text(tuple(lines[:-1] if lines[-1] == "" else lines))
