"""PREMIS with exactly the derived bytes is not parsed; this misses no finding that parsing would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from archtool.canonical_json import format_json
from archtool.description.model import Description, OtherFile, RightsLayer, TranscriptionFile
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.findings import Finding
from archtool.operations.content.derived_history import Payload, derive_history
from archtool.operations.content.metadata import ManifestDigests, Metadata
from archtool.operations.content.provenance_check import check_package_provenance
from archtool.operations.open_package.package_paths import PREMIS_PATH, PROVENANCE_PATH
from archtool.operations.sources.folders import digests_of_folders
from archtool.provenance.premis.writer import format_premis
from archtool.provenance.prov_json import prov_document
from property.strategies import BOUNDED
from unit.provenance.rakovsky_case import WORDS, appeal, letter_of_the_bureau

_NAMES = ["letter.txt", "scans/1.tif", "scans/2.tif", "o\x01dd <&>\r\n.txt", "caf\udce9", " a ", "\\u{1}"]
_TEXTS = st.sampled_from(["a", "<b>&\r", "\x00", "\ud83d", "\\u{41}", "é\u2028", "\ufffe"]) | st.text(
    min_size=1
)
_ALGORITHMS = st.lists(st.sampled_from(Algorithm), min_size=1, max_size=3, unique=True)
_HISTORY_AT = "2026-11-22T18:30:00+00:00"


def _digest(path: str, algorithm: Algorithm) -> str:
    return digest_bytes(algorithm, path.encode("utf-8", "surrogatepass")).hex


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, dict[Algorithm, str]]:
    """Draw the digests of payload manifests: also of too few files, in capitals, and malformed ones."""
    digests: dict[str, dict[Algorithm, str]] = {}
    for name in draw(st.lists(st.sampled_from(_NAMES), unique=True)):
        path = f"data/{name}"
        listed = {algorithm: _digest(path, algorithm) for algorithm in draw(_ALGORITHMS)}
        variant = draw(st.sampled_from(["unchanged"] * 5 + ["capitals", "damaged", "another"]))
        for algorithm, value in listed.items():
            changed = {"capitals": value.upper(), "damaged": "zz", "another": _digest("", algorithm)}
            listed[algorithm] = changed.get(variant, value)
        digests[path] = listed
    return digests


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    """Draw descriptions with files and folders, some with texts that XML cannot contain."""
    description = draw(st.sampled_from([letter_of_the_bureau(), appeal()]))
    if draw(st.booleans()):
        folder = OtherFile("scans/", "facsimile", title=draw(_TEXTS | st.none()))
        description = replace(description, files=(folder, OtherFile("caf\udce9", "other")))
    if draw(st.booleans()):
        part = TranscriptionFile("letter.txt", title=draw(_TEXTS), language="en", note=draw(_TEXTS))
        rights = (RightsLayer("package", draw(_TEXTS), draw(_TEXTS | st.none())),)
        description = replace(description, title=draw(_TEXTS), transcription=(part,), rights=rights)
    return description


def _findings(
    prov: bytes, premis: bytes, digests: ManifestDigests, description: Description, payload: Payload
) -> list[Finding]:
    metadata = Metadata({PROVENANCE_PATH: prov, PREMIS_PATH: premis}, payload_files=len(digests))
    return check_package_provenance(metadata, digests, description, WORDS, payload)


@settings(BOUNDED, max_examples=300)
@given(st.data(), descriptions(), manifests())
def test_premis_as_derived_has_the_findings_that_it_has_when_it_is_parsed(
    data: st.DataObject, description: Description, digests: dict[str, dict[Algorithm, str]]
) -> None:
    present = [path for path in digests if data.draw(st.booleans())]
    payload = Payload({path: len(path) for path in present}, digests)
    folders = [f"data/{folder}" for folder in description.payload_folders()]
    listed = {**digests, **digests_of_folders(folders, digests)}
    document: dict[str, Any] = {
        "entity": {"pkg:package": {"prov:label": "letters", "arch:kind": "package"}},
        "activity": {"pkg:packaging": {"arch:kind": "packaging", "prov:startTime": _HISTORY_AT}},
        "agent": {"pkg:agent-archtool": {"prov:label": "archtool", "arch:version": "0.1.0"}},
    }
    # facts that only PROV-JSON has are taken from it: the package's own, or with a changed value
    document = prov_document(derive_history(description, WORDS, payload, document))
    for section, name, value in data.draw(st.lists(_CHANGES, max_size=1)):
        document.setdefault(section, {}).setdefault(name, {"prov:label": "a"}).update(value)
    premis = format_premis(derive_history(description, WORDS, payload, document))
    premis_bytes = premis.encode("utf-8", "surrogatepass")
    prov = format_json(document).encode("utf-8", "surrogatepass")
    unparsed = _findings(prov, premis_bytes, listed, description, payload)
    parsed = _findings(
        prov, premis_bytes + b"<!-- other bytes, same meaning -->", listed, description, payload
    )
    assert unparsed == parsed
    event("with findings" if unparsed else "without findings")


_CHANGES = st.sampled_from(
    [
        ("entity", "pkg:package", {"prov:label": "another name"}),
        ("entity", "pkg:package", {"arch:note": "of another package"}),
        ("entity", "pkg:package", {"arch:colour": "not of the schema"}),
        ("activity", "pkg:packaging", {"prov:startTime": "2020-01-01T00:00:00+00:00"}),
        ("agent", "pkg:agent-archtool", {"arch:version": "\x01"}),
        ("entity", "pkg:document", {"arch:signed": 0}),
        ("entity", "pkg:document", {"arch:signed": True}),
    ]
)
