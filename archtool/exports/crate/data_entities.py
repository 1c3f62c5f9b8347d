"""Describes the payload in an RO-Crate: each file with its size, digests and format, and each folder.

RO-Crate has no property for SHA-512. `sha512` is the one of the Workflow Run RO-Crate terms, which the
context and an entity of the crate define; algorithms without such a term have one of archtool's own.

Source: RO-Crate 1.2, Data Entities, and Metadata (additional terms).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from archtool.exports.crate.crate_graph import CrateGraph, fact, facts_of
from archtool.exports.crate.identifiers import file_iri
from archtool.exports.crate.model import CrateFile
from archtool.exports.crate.rights import licences_of
from archtool.exports.crate.values import Node, node, one_or_all, reference, references, sentences
from archtool.provenance.model import EntityKind, ProvEntity

_PAYLOAD = "data/"
_PRONOM = "https://www.nationalarchives.gov.uk/PRONOM/"
_WORKFLOW_RUN = "https://w3id.org/ro/terms/workflow-run#"
_OWN_TERMS = "urn:archtool:ns:1:"
_IN_CONTEXT = frozenset({"sha256"})
_IN_WORKFLOW_RUN = frozenset({"md5", "sha1", "sha512"})
_BASIS = frozenset({"publication", "facsimile", "derived", "adopted", "text", "normalization"})


def file_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield each payload file, then each folder that is described as a whole."""
    described = {str(e.facts["path"]): e for e in graph.of_kind(EntityKind.FILE)}
    for file in graph.facts.files:
        yield _file(graph, file, described.get(f"{_PAYLOAD}{file.path}"))
    folders = graph.of_kind(EntityKind.FOLDER)
    parts = _files_of(folders, graph.facts.files, described)
    for folder in folders:
        yield _folder(graph, folder, parts[folder.id])


def _file(graph: CrateGraph, file: CrateFile, entity: ProvEntity | None) -> Node:
    properties: dict[str, Any] = {
        "name": (fact(entity, "title") if entity is not None else None) or file.path.rpartition("/")[2],
        "contentSize": str(file.size_bytes),
        "encodingFormat": _format(file, entity),
        **dict(file.digests),
    }
    return node(file_iri(file.path), "File", properties | (_stated(graph, entity) if entity else {}))


def _folder(graph: CrateGraph, folder: ProvEntity, files: Sequence[CrateFile]) -> Node:
    name = str(folder.facts["folder"]).removeprefix(_PAYLOAD)
    properties = {
        "name": fact(folder, "title") or name.rstrip("/"),
        "hasPart": references(file_iri(file.path) for file in files),
        **_stated(graph, folder),
    }
    return node(file_iri(name), "Dataset", properties)


def _stated(graph: CrateGraph, entity: ProvEntity) -> dict[str, Any]:
    origins = [d.source for d in graph.derivations.get(entity.id, ()) if d.kind in _BASIS]
    events = graph.events.get(entity.id, ())
    credit_lines = [credit for event in events for credit in facts_of(event, "credit")]
    return {
        "description": sentences(fact(entity, "role"), fact(entity, "note"), fact(entity, "format-warning")),
        "inLanguage": fact(entity, "language"),
        "about": graph.refer(facts_of(entity, "of")),
        "isBasedOn": graph.refer(origins),
        "creditText": one_or_all(credit_lines),
        "license": references(licences_of(graph, entity.id)),
    }


def _format(file: CrateFile, entity: ProvEntity | None) -> Any:
    """Return the media type, and the format in PRONOM if a tool has identified it."""
    key = fact(entity, "format-key") if entity is not None else None
    pronom = [reference(f"{_PRONOM}{file_iri(key)}")] if key else []
    return one_or_all([*([file.media_type] if file.media_type else []), *pronom])


def format_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield each format in PRONOM that a file has."""
    names = {fact(file, "format-key"): file for file in graph.of_kind(EntityKind.FILE)}
    for key, file in sorted((key, file) for key, file in names.items() if key):
        name = sentences(fact(file, "format-name"), fact(file, "format-version"))
        yield node(f"{_PRONOM}{file_iri(key)}", "WebPage", {"name": name or key})


def digest_terms(files: Iterable[CrateFile]) -> Mapping[str, str]:
    """Return the URI of each algorithm's property, without those that RO-Crate defines."""
    used = {name for file in files for name, _ in file.digests}
    return {
        name: f"{_WORKFLOW_RUN if name in _IN_WORKFLOW_RUN else _OWN_TERMS}{name}"
        for name in sorted(used - _IN_CONTEXT)
    }


def term_nodes(terms: Mapping[str, str]) -> Iterator[Node]:
    """Yield the definition of each property that RO-Crate does not define."""
    for name, uri in terms.items():
        comment = (
            f"The {name} digest of a file in hexadecimal, as the payload manifest of the package has it."
        )
        yield node(uri, "rdf:Property", {"name": name, "rdfs:label": name, "rdfs:comment": comment})


def _files_of(
    folders: Sequence[ProvEntity], files: Iterable[CrateFile], described: Mapping[str, ProvEntity]
) -> dict[str, list[CrateFile]]:
    """Return the files of each folder: those in it that are not described by their own names."""
    parts: dict[str, list[CrateFile]] = {folder.id: [] for folder in folders}
    by_path = {str(folder.facts["folder"]).removeprefix(_PAYLOAD): folder.id for folder in folders}
    for file in files if folders else ():
        if f"{_PAYLOAD}{file.path}" in described:
            continue
        parent = file.path.rpartition("/")[0]
        while parent and f"{parent}/" not in by_path:
            parent = parent.rpartition("/")[0]
        if parent:
            parts[by_path[f"{parent}/"]].append(file)
    return parts
