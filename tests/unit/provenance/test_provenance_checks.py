"""The provenance manifests are compared with the payload manifests, in both directions."""

from __future__ import annotations

import json

from archtool.files.hashing.digests import Algorithm
from archtool.findings import Finding, Severity
from archtool.operations.content.derived_history import Payload
from archtool.operations.content.metadata import Metadata
from archtool.operations.content.provenance_check import check_package_provenance
from archtool.provenance import finding_kinds
from archtool.provenance.checks import (
    PREMIS_FILE,
    PROV_FILE,
    ManifestDigests,
    check_premis,
    check_prov,
)
from archtool.provenance.premis.writer import format_premis
from archtool.provenance.prov_json import format_prov_json
from archtool.provenance.reader import parse_prov_json
from unit.provenance.rakovsky_case import TEXT, appeal_history, file_record

PATH = f"data/{TEXT}"
PROV = format_prov_json(appeal_history()).encode()
PREMIS = format_premis(appeal_history()).encode()


def check_provenance(prov: bytes | None, premis: bytes | None, digests: ManifestDigests) -> list[Finding]:
    of_prov = check_prov(parse_prov_json(prov), digests) if prov is not None else []
    return of_prov + (check_premis(premis, digests) if premis is not None else [])


def manifests(path: str = PATH, **changed: str) -> ManifestDigests:
    stated = {digest.algorithm: digest.hex for digest in file_record(TEXT).digests}
    return {path: stated | {Algorithm(name): value for name, value in changed.items()}}


def test_manifests_that_agree_cause_no_finding() -> None:
    assert check_provenance(PROV, PREMIS, manifests()) == []


def test_a_digest_in_capitals_is_the_same_digest() -> None:
    upper = {path: {a: value.upper() for a, value in d.items()} for path, d in manifests().items()}
    assert check_provenance(PROV, PREMIS, upper) == []


def test_a_changed_digest_is_found_in_both_with_both_values() -> None:
    found = check_provenance(PROV, PREMIS, manifests(sha512="0" * 128))
    assert [f.code for f in found] == ["provenance.digest-differs"] * 2
    assert [str(f.place) for f in found] == [PROV_FILE, PREMIS_FILE]
    assert "00000000…0000" in found[0].message
    assert PATH in found[0].message


def test_a_file_missing_on_either_side_is_found() -> None:
    found = check_provenance(PROV, None, manifests("data/other.txt"))
    assert [(f.code, f.message) for f in found] == [
        ("provenance.file-missing", f"in no payload manifest: {PATH}"),
        ("provenance.file-unknown", "not mentioned: data/other.txt"),
    ]


def test_a_file_without_a_common_algorithm_is_reported_as_not_compared() -> None:
    [found] = check_provenance(None, PREMIS, {PATH: {Algorithm.MD5: "0" * 32}})
    assert (found.code, found.severity) == ("provenance.digest-not-compared", Severity.WARNING)


def test_manifests_that_cannot_be_read_are_findings_and_not_errors() -> None:
    metadata = Metadata({PROV_FILE: b"{", PREMIS_FILE: b"<"})
    found = check_package_provenance(metadata, manifests(), None, None, Payload({}, manifests()))
    assert [(f.code, str(f.place)) for f in found] == [
        ("provenance.unreadable", PROV_FILE),
        ("provenance.unreadable", PREMIS_FILE),
    ]
    assert all(f.hint for f in found)


def test_a_bag_without_provenance_causes_no_finding() -> None:
    payload = Payload({}, manifests())
    assert check_package_provenance(Metadata({}), manifests(), None, None, payload) == []


def test_a_manifest_that_violates_the_schema_is_still_compared() -> None:
    damaged = json.loads(PROV)
    damaged["entity"]["pkg:document"]["arch:colour"] = "red" * 500
    found = check_provenance(json.dumps(damaged).encode(), None, manifests("data/other.txt"))
    assert [f.code for f in found] == [
        "provenance.not-to-schema",
        "provenance.file-missing",
        "provenance.file-unknown",
    ]
    assert "entity/pkg:document" in found[0].message
    del damaged["agent"]
    found = check_provenance(json.dumps(damaged).encode(), None, manifests())
    assert "the document" in found[0].message


def test_a_long_value_is_shortened_in_the_message() -> None:
    damaged = json.loads(PROV)
    damaged["entity"]["pkg:document"]["arch:kind"] = "x" * 5000
    found = check_provenance(json.dumps(damaged).encode(), None, manifests())
    assert max(len(f.message) for f in found) < 500


def test_a_malformed_digest_keeps_the_schema_findings() -> None:
    damaged = json.loads(PROV)
    damaged["entity"]["pkg:text"]["arch:digest"] = "sha512:zz"
    codes = [f.code for f in check_provenance(json.dumps(damaged).encode(), None, manifests())]
    assert codes[-1] == "provenance.unreadable"
    assert "provenance.not-to-schema" in codes


def test_every_kind_of_finding_is_declared_once() -> None:
    codes = [kind.code for kind in finding_kinds.KINDS]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("provenance.") for code in codes)
