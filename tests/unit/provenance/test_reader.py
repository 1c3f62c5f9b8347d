"""The claims about the payload are read from untrusted manifests."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.provenance import reader
from archtool.provenance.limits import MAX_XML_DEPTH
from archtool.provenance.premis.writer import format_premis
from archtool.provenance.prov_json import format_prov_json
from archtool.provenance.reader import claims_of_history, digests_claimed_by_premis, digests_claimed_by_prov
from budgets import examples
from unit.provenance.rakovsky_case import (
    TEXT,
    appeal_history,
    file_record,
    history_of,
    letter_of_the_bureau,
)

DIGESTS = file_record(TEXT).digests
NAMESPACE = 'xmlns="http://www.loc.gov/premis/v3"'


def prov_with(**entity: Any) -> bytes:
    return json.dumps({"entity": {"pkg:x": {f"arch:{k}": v for k, v in entity.items()}}}).encode()


def test_both_manifests_claim_every_digest_of_every_file() -> None:
    history = appeal_history()
    expected = {f"data/{TEXT}": DIGESTS}
    assert digests_claimed_by_prov(format_prov_json(history).encode()) == expected
    assert digests_claimed_by_premis(format_premis(history).encode()) == expected
    assert claims_of_history(history) == expected


@settings(deadline=None)
@given(title=st.text(), names=st.lists(st.text(min_size=1), min_size=1, max_size=4, unique=True))
def test_any_file_name_is_read_back_from_both_manifests(title: str, names: list[str]) -> None:
    description = replace(letter_of_the_bureau(), title=title)
    history = history_of(description, files=tuple(file_record(name) for name in names))
    expected = {f"data/{name}": DIGESTS for name in names}
    assert digests_claimed_by_prov(format_prov_json(history).encode()) == expected
    assert digests_claimed_by_premis(format_premis(history).encode()) == expected
    assert claims_of_history(history) == expected


def test_a_name_that_is_not_utf_8_is_read_back_from_both_manifests() -> None:
    history = history_of(letter_of_the_bureau(), files=(file_record("caf\udce9.txt"),))
    for claims in (
        digests_claimed_by_prov(format_prov_json(history).encode()),
        digests_claimed_by_premis(format_premis(history).encode()),
        claims_of_history(history),
    ):
        assert list(claims) == ["data/caf\udce9.txt"]


def test_a_single_digest_needs_no_list_and_a_document_without_files_claims_nothing() -> None:
    assert digests_claimed_by_prov(prov_with(path="data/x", digest=str(DIGESTS[0]))) == {
        "data/x": (DIGESTS[0],)
    }
    assert digests_claimed_by_prov(prov_with(path="data/x")) == {"data/x": ()}
    assert digests_claimed_by_prov(b'{"agent": {}, "entity": {"pkg:a": {}}}') == {}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe{}", "not text in UTF-8"),
        (b"{", "not JSON"),
        (b"[]", "expected an object, found list"),
        (b'{"a": 1, "a": 2}', "occurs twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "more than 64 levels"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not unambiguous JSON"),
        (b'{"entity": []}', "'entity' is not an object"),
        (b'{"entity": {"pkg:x": 1}}', "entity 'pkg:x' is not an object"),
        (prov_with(path=1), "path of 'pkg:x' is not text"),
        (prov_with(path="data/x", digest=[1]), "is not text"),
        (prov_with(path="data/x", digest="sha512:ab"), "not a sha512 digest"),
        (prov_with(path="data/x", digest="sha9:ab"), "unknown digest algorithm"),
    ],
)
def test_unreadable_prov_is_reported_with_reason_and_hint(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        digests_claimed_by_prov(data)
    assert "provenance.json" in caught.value.message
    assert caught.value.hint


def premis_of(inner: str) -> bytes:
    return (
        f'<premis {NAMESPACE} xmlns:x="http://www.w3.org/2001/XMLSchema-instance">{inner}</premis>'.encode()
    )


BOMB = b"""<?xml version="1.0"?><!DOCTYPE premis [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<premis xmlns="http://www.loc.gov/premis/v3">&b;</premis>"""
OUTSIDE = b"""<!DOCTYPE premis SYSTEM "file:///etc/hostname"><premis xmlns="http://www.loc.gov/premis/v3"/>"""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe<\x00", "not UTF-8"),
        (premis_of("")[:-1], "not well-formed"),
        (b"", "not well-formed"),
        (b"<premis/>", "not PREMIS 3"),
        (b'<mets xmlns="http://www.loc.gov/METS/"/>', "not PREMIS 3"),
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (premis_of("<object>" * (MAX_XML_DEPTH + 1)), "nests deeper"),
        (premis_of('<object x:type="file"></object>'), "without contentLocationValue"),
        (
            premis_of(
                '<object x:type="file"><messageDigestAlgorithm>SHA-1</messageDigestAlgorithm>'
                "<messageDigest>zz</messageDigest>"
                "<contentLocationValue>data/x</contentLocationValue></object>"
            ),
            "not a sha1 digest",
        ),
    ],
)
def test_unreadable_premis_is_reported_with_reason_and_hint(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        digests_claimed_by_premis(data)
    assert "premis.xml" in caught.value.message
    assert caught.value.hint


def test_any_prefix_of_the_type_is_read_and_other_objects_claim_nothing() -> None:
    digest = DIGESTS[1]
    data = premis_of(
        '<object x:type="representation"><contentLocationValue>data/y</contentLocationValue></object>'
        '<object xmlns:p="http://www.loc.gov/premis/v3" x:type="p:file"><p:fixity>'
        "<p:messageDigestAlgorithm>SHA-256</p:messageDigestAlgorithm>"
        f"<p:messageDigest>{digest.hex.upper()}</p:messageDigest></p:fixity>"
        "<p:contentLocationValue>data/x</p:contentLocationValue></object>"
    )
    assert digests_claimed_by_premis(data) == {"data/x": (digest,)}


def test_a_text_begins_after_the_elements_inside_it() -> None:
    digest = DIGESTS[1]
    data = premis_of(
        '<object x:type="file"><messageDigestAlgorithm>a<b>c</b>SHA-256</messageDigestAlgorithm>'
        f"<messageDigest>a<messageDigestAlgorithm>SHA-256</messageDigestAlgorithm>{digest.hex}</messageDigest>"
        "d<contentLocationValue><b/>data/x</contentLocationValue>e</object>"
    )
    assert digests_claimed_by_premis(data) == {"data/x": (digest,)}


@pytest.mark.parametrize("read", [digests_claimed_by_prov, digests_claimed_by_premis])
def test_a_manifest_above_the_limit_is_not_parsed(read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_MANIFEST_BYTES", 10)
    with pytest.raises(InputError, match="too large"):
        read(b"x" * 11)


@settings(deadline=None, max_examples=examples(200))
@given(st.binary(max_size=200))
def test_any_bytes_become_claims_or_an_input_error(data: bytes) -> None:
    for read in (digests_claimed_by_prov, digests_claimed_by_premis):
        with contextlib.suppress(InputError):
            assert read(data) == {}
