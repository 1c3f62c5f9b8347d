"""Evidence records in memory: parsing, checking, attacks and random mutations."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.attestations.layout import record_number, record_path
from archtool.errors import InputError
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.der import SEQUENCE, context, der, der_integer, read_der
from archtool.timestamps.evidence.evidence_check import RecordReport, check_record
from archtool.timestamps.evidence.record import EvidenceRecord
from archtool.timestamps.evidence.renewal import combine_leaves, hash_tree_leaf, new_leaf, timestamp_leaf
from archtool.timestamps.limits import MAX_RECORD_BYTES
from budgets import examples
from timestamping import (
    STAMPED_AT,
    TimestampAuthority,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
)

pytestmark = [needs_openssl, needs_faketime]
FILES = {"bagit.txt": b"bag", "data/letter.txt": b"letter", "data/twin.txt": b"letter"}
NOW = datetime(2027, 1, 1, tzinfo=UTC)
LATER = STAMPED_AT + timedelta(days=30)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture(scope="module")
def roots(authority: TimestampAuthority) -> Authorities:
    return Authorities.parse(authority.roots.read_bytes(), "roots.pem")


def digests(name: str, files: Mapping[str, bytes] = FILES) -> dict[str, bytes]:
    return {path: hashlib.new(name, data).digest() for path, data in files.items()}


@pytest.fixture(scope="module")
def new(authority: TimestampAuthority) -> EvidenceRecord:
    leaf = new_leaf("sha256", digests("sha256"))
    root_bytes, (tree,) = combine_leaves([leaf])
    return leaf.record(tree, authority.stamp(root_bytes, digest="sha256"), "tsa")


@pytest.fixture(scope="module")
def renewed(authority: TimestampAuthority, new: EvidenceRecord) -> EvidenceRecord:
    leaf = timestamp_leaf(new)
    root_bytes, (tree,) = combine_leaves([leaf])
    return leaf.record(tree, authority.stamp(root_bytes, LATER, digest="sha256"), "tsa")


@pytest.fixture(scope="module")
def rehashed(authority: TimestampAuthority, renewed: EvidenceRecord) -> EvidenceRecord:
    leaf = hash_tree_leaf(renewed, "sha512", digests("sha512"))
    root_bytes, (tree,) = combine_leaves([leaf])
    return leaf.record(tree, authority.stamp(root_bytes, LATER, digest="sha512"), "tsa")


def check(
    record: EvidenceRecord, roots: Authorities | None, files: Mapping[str, bytes] = FILES
) -> tuple[RecordReport, list[str]]:
    report, findings = check_record("r.ers", record, lambda name: digests(name, files), roots, NOW)
    return report, [finding.code for finding in findings]


def test_a_record_survives_a_round_trip(rehashed: EvidenceRecord) -> None:
    again = EvidenceRecord.parse(rehashed.format(), "r.ers")
    assert again.format() == rehashed.format()


def test_new_and_renewed_records_prove_the_time_of_the_first_timestamp(
    new: EvidenceRecord, renewed: EvidenceRecord, rehashed: EvidenceRecord, roots: Authorities
) -> None:
    for record, count in ((new, 1), (renewed, 2), (rehashed, 3)):
        report, codes = check(record, roots)
        assert (codes, report.timestamps, report.covered) == ([], count, frozenset(FILES))
        time = report.proved_time()
        assert time is not None
        assert (time.at, time.authority) == (STAMPED_AT, "Test timestamps")
        assert check(record, None)[0].proved_time() is None


def test_a_renewed_record_has_the_states_of_the_old_record_and_one_more(
    new: EvidenceRecord, renewed: EvidenceRecord, rehashed: EvidenceRecord
) -> None:
    assert [len(record.states()) for record in (new, renewed, rehashed)] == [1, 2, 3]
    assert rehashed.states()[:2] == renewed.states()
    assert renewed.states()[:1] == new.states()
    assert renewed.states()[1] != new.states()[0]


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({**FILES, "bagit.txt": b"Bag"}, ["evidence.file-differs"] * 2),
        ({p: d for p, d in FILES.items() if p != "data/twin.txt"}, ["evidence.file-differs"] * 2),
        ({**FILES, "data/more.txt": b"more"}, ["evidence.file-not-covered"]),
        ({**FILES, "attestations/0002-x/statement.json": b"{}"}, []),
    ],
)
def test_changed_missing_and_added_files_have_different_findings(
    rehashed: EvidenceRecord, roots: Authorities, files: dict[str, bytes], codes: list[str]
) -> None:
    report, found = check(rehashed, roots, files)
    assert found == codes
    assert report.is_proved == (codes == [])


def test_attack_chain_over_other_files_appended_is_found(
    authority: TimestampAuthority, renewed: EvidenceRecord, roots: Authorities
) -> None:
    leaf = hash_tree_leaf(renewed, "sha512", digests("sha512", {"bagit.txt": b"bag", "x": b"x"}))
    root_bytes, (tree,) = combine_leaves([leaf])
    record = leaf.record(tree, authority.stamp(root_bytes, LATER), "tsa")
    files = {**FILES, "x": b"x"}
    report, codes = check(record, roots, files)
    assert "evidence.broken" in codes
    assert not report.is_proved


def test_attack_chain_that_does_not_cover_earlier_chains_is_found(
    authority: TimestampAuthority, renewed: EvidenceRecord, roots: Authorities
) -> None:
    leaf = new_leaf("sha512", digests("sha512"))
    root_bytes, (tree,) = combine_leaves([leaf])
    separate = leaf.record(tree, authority.stamp(root_bytes, LATER), "tsa")
    report, codes = check(EvidenceRecord((*renewed.chains, *separate.chains)), roots)
    assert "evidence.file-differs" in codes
    assert not report.is_proved


def test_attack_timestamps_reordered_removed_or_repeated_are_found(
    new: EvidenceRecord, renewed: EvidenceRecord, rehashed: EvidenceRecord, roots: Authorities
) -> None:
    first, second = renewed.chains[0]
    for chains in (
        ((second, first),),
        ((second,),),
        ((first, first),),
        ((first, replace(second, tree=first.tree)),),
        ((replace(first, tree=((*first.tree[0], b"\0" * 32),)),),),
        ((first, rehashed.chains[1][0]),),
        tuple(reversed(rehashed.chains)),
    ):
        report, codes = check(EvidenceRecord(chains), roots)
        assert "evidence.broken" in codes
        assert not report.is_proved
    assert check(new, roots)[1] == []


def test_attack_renewal_older_than_the_renewed_timestamp_is_found(
    authority: TimestampAuthority, new: EvidenceRecord, roots: Authorities
) -> None:
    leaf = timestamp_leaf(new)
    root_bytes, (tree,) = combine_leaves([leaf])
    earlier = authority.stamp(root_bytes, STAMPED_AT - timedelta(days=1), digest="sha256")
    assert check(leaf.record(tree, earlier, "tsa"), roots)[1] == ["evidence.broken"]


def test_a_malformed_record_is_refused_with_the_reason(new: EvidenceRecord) -> None:
    data = new.format()
    fields = list(read_der(data, "r.ers").children())
    chain = fields[2].children()[0].children()[0]
    parts = [one.raw for one in chain.children()]

    def with_timestamp(*inside: bytes) -> bytes:
        chains = der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, *inside)))
        return der(SEQUENCE, fields[0].raw, fields[1].raw, chains)

    short = der(context(2), der(SEQUENCE, der(0x04, b"short")))
    for malformed, reason in (
        (der(SEQUENCE, der_integer(2), fields[1].raw, fields[2].raw), "an unknown version"),
        (der(SEQUENCE, fields[0].raw, fields[1].raw, der(context(0)), fields[2].raw), "encrypted files"),
        (der(SEQUENCE, fields[0].raw, fields[1].raw, der(SEQUENCE)), "0 timestamps in 0 chains"),
        (with_timestamp(parts[0], der(context(1)), *parts[1:]), "it has attributes"),
        (
            with_timestamp(parts[0].replace(b"\x02\x01", b"\x02\x03"), *parts[1:]),
            "differs from that of its timestamp",
        ),
        (with_timestamp(parts[0], short, parts[2]), "a digest that does not have the length of sha256"),
        (with_timestamp(parts[0], der(context(2), der(SEQUENCE)), parts[2]), "an empty step"),
        (bytes(MAX_RECORD_BYTES + 1), "too large for an evidence record"),
    ):
        with pytest.raises(InputError, match=reason):
            EvidenceRecord.parse(malformed, "r.ers")


@settings(max_examples=examples(200), deadline=None)
@given(data=st.data())
def test_a_mutated_record_is_refused_or_proves_no_other_time(
    rehashed: EvidenceRecord, roots: Authorities, data: st.DataObject
) -> None:
    changed = bytearray(rehashed.format())
    at = data.draw(st.integers(0, len(changed) - 1))
    if data.draw(st.booleans()):
        changed[at] ^= data.draw(st.integers(1, 255))
    else:
        del changed[at : at + data.draw(st.integers(1, 80))]
    try:
        record = EvidenceRecord.parse(bytes(changed), "r.ers")
    except InputError:
        return
    report, _ = check(record, roots)
    assert report.proved_time() is None or report.at == STAMPED_AT


def test_record_files_have_names_of_four_digits() -> None:
    assert record_path(7) == "evidence/0007.ers"
    assert (record_number("evidence/0007.ers"), record_number("evidence/7.ers")) == (7, None)
    with pytest.raises(InputError, match="cannot have 10000 evidence records"):
        record_path(10_000)


@pytest.mark.parametrize(("days", "verb"), [(-1, "expire"), (1, "expired")])
def test_a_record_whose_certificates_end_is_due_for_renewal(
    new: EvidenceRecord, roots: Authorities, days: int, verb: str
) -> None:
    end = check(new, roots)[0].good_until
    assert end is not None
    at = end + timedelta(days=days)
    report, (finding,) = check_record("r.ers", new, digests, roots, at)
    assert (finding.code, report.good_until) == ("evidence.renewal-due", end)
    assert f"the certificates of its last timestamp {verb} at {end.isoformat()}" in finding.message


def test_a_renewal_after_the_certificates_had_expired_is_found(
    authority: TimestampAuthority, new: EvidenceRecord, roots: Authorities
) -> None:
    end = check(new, roots)[0].good_until
    assert end is not None
    leaf = timestamp_leaf(new)
    root_bytes, (tree,) = combine_leaves([leaf])
    late = leaf.record(tree, authority.stamp(root_bytes, end + timedelta(days=1), digest="sha256"), "tsa")
    assert "evidence.renewed-late" in check(late, roots)[1]
