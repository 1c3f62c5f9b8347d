"""The crate of any description and payload is well-formed, and says the same when it is made again."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.description.model import Agent, Annexe, AnnexeStatus, Attribution, Creator, Description
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.operations.content.crate.crate_check import check_crate
from archtool.operations.content.crate.crate_text import crate_text
from archtool.operations.content.derived_history import Payload, derive_history, payload_records
from crates import references_in, unknown_terms
from property.strategies import BOUNDED
from property.test_premis_as_derived import descriptions, manifests
from unit.provenance.rakovsky_case import WORDS

_TEXTS = st.text(min_size=1) | st.sampled_from(["\ud800", '{"@id": "./"}', "./", "https://example.org/a b"])
_DOCUMENT = {"activity": {"p:p": {"arch:kind": "packaging", "prov:startTime": "2026-11-22T18:30:00+00:00"}}}
_ELSEWHERE = ("https://", "http://", "ro-crate-metadata.json")


@st.composite
def further(draw: st.DrawFn, description: Description) -> Description:
    """Add creators, annexes and dates with any text to a description."""
    agent = Agent(draw(_TEXTS), draw(st.sampled_from([None, "person", "organization"])), draw(_TEXTS))
    status = draw(st.sampled_from([None, "stated", "attributed", "disputed", "rejected"]))
    argued = Attribution(status, note=draw(_TEXTS), basis=(draw(_TEXTS),), by=agent) if status else None
    creator = Creator(agent, draw(_TEXTS), argued)
    annexe = Annexe(
        draw(_TEXTS), draw(st.sampled_from(AnnexeStatus)), number=draw(_TEXTS), creators=(creator,)
    )
    return replace(
        description,
        creators=(creator, creator),
        annexes=(*description.annexes, annexe),
        place=draw(_TEXTS),
        date=draw(_TEXTS),
        packager=agent,
        collection=draw(_TEXTS),
    )


@settings(BOUNDED, max_examples=200)
@given(st.data(), descriptions(), manifests())
def test_the_crate_of_any_description_is_well_formed(
    data: st.DataObject, description: Description, digests: dict[str, dict[Algorithm, str]]
) -> None:
    description = data.draw(further(description))
    payload = Payload({path: len(path) for path in digests}, digests)
    history = derive_history(description, WORDS, payload, _DOCUMENT)
    records = payload_records(payload, _DOCUMENT)
    text = crate_text(history, WORDS, records, [Algorithm.SHA512, Algorithm.MD5, Algorithm.BLAKE2B])
    # (1) it is Unicode and JSON, and the same again
    written = text.encode()
    assert text == crate_text(history, WORDS, records, [Algorithm.BLAKE2B, Algorithm.MD5, Algorithm.SHA512])
    graph = json.loads(written)["@graph"]
    found = {entity["@id"] for entity in graph}
    # (2) each entity has an identifier of its own, and each reference an entity, or it leads elsewhere
    assert len(found) == len(graph)
    assert [
        r for r in references_in(graph) if r["@id"] not in found and not r["@id"].startswith(_ELSEWHERE)
    ] == []
    # (3) each file is there, under a path that gives its name back
    files = {unquote_to_bytes(e["@id"]) for e in graph if e["@type"] == "File"}
    assert files == {path.removeprefix("data/").encode("utf-8", "surrogateescape") for path in digests}
    # (4) each property is one of RO-Crate's, or defined
    assert unknown_terms(text) == set()
    # (5) it agrees with itself, and no longer when a statement is changed
    listed = {Algorithm.SHA512: digest_bytes(Algorithm.SHA512, written).hex}
    assert check_crate(text, listed, lambda: (b"", None)) == []
    entity = data.draw(st.sampled_from(graph))
    name = data.draw(st.sampled_from(sorted(entity.keys() - {"@id"})))
    other = json.loads(text)
    next(one for one in other["@graph"] if one["@id"] == entity["@id"])[name] = "another value"
    changed = json.dumps(other).encode()
    listed = {Algorithm.SHA512: digest_bytes(Algorithm.SHA512, changed).hex}
    findings = check_crate(text, listed, lambda: (changed, json.loads(changed)))
    assert [finding.code for finding in findings] == ["content.crate-differs"]
