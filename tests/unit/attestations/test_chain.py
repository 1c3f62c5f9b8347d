from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archtool.attestations import finding_kinds
from archtool.attestations.chain import verify_chain
from archtool.attestations.report import ChainInput, TrustVerdict
from archtool.attestations.statements.statement import Claimant
from archtool.exit_codes import ExitCode
from archtool.findings import Severity, exit_code_of
from archtool.openssh.armour import format_armour
from archtool.openssh.sshsig import sign
from archtool.openssh.wire import pack_mpint, pack_string, pack_uint32
from unit.attestations.trust_builders import (
    ARCHIVIST,
    CURATOR,
    LIST,
    NOW,
    SIGNATURE,
    STATEMENT,
    STRANGER,
    allow,
    codes,
    fixed_key,
    make_package,
    revoke,
    sha512,
)

SECOND = "attestations/0002-custody-transfer/"


def test_a_package_signed_by_a_trusted_key_is_trusted_and_names_the_list_line() -> None:
    report = make_package().attest().verify(allow(STRANGER, ARCHIVIST))
    assert (report.verdict, report.findings) == (TrustVerdict.TRUSTED, ())
    signature = report.attestations[0].signatures[0]
    assert (signature.is_good, signature.principals) == (True, (ARCHIVIST,))
    assert signature.trusted_by == "allowed_signers:2"
    assert signature.fingerprint == fixed_key(ARCHIVIST).public.fingerprint


def test_a_chain_of_three_signed_attestations_is_trusted() -> None:
    package = make_package().attest().attest("custody-transfer", CURATOR).attest("fixity-check", CURATOR)
    report = package.verify(allow(ARCHIVIST, CURATOR))
    assert (report.verdict, report.findings) == (TrustVerdict.TRUSTED, ())
    assert [a.event for a in report.attestations] == ["packaging", "custody-transfer", "fixity-check"]
    assert report.attestations[2].statement is not None


def test_a_report_can_be_pickled() -> None:
    report = make_package().attest().verify(allow(ARCHIVIST))
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes


def test_a_good_signature_by_an_unknown_key_is_untrusted_not_broken() -> None:
    report = make_package().attest().verify(allow(CURATOR))
    assert report.verdict is TrustVerdict.UNTRUSTED
    assert codes(report) == ["trust.key-unknown", "trust.not-trusted"]
    assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED
    assert report.attestations[0].signatures[0].is_good


def test_without_a_list_of_signers_the_verdict_is_not_asked_but_signatures_are_checked() -> None:
    report = make_package().attest().verify()
    assert (report.verdict, report.findings) == (TrustVerdict.NOT_ASKED, ())
    assert report.attestations[0].signatures[0].is_good
    assert make_package().verify().verdict is TrustVerdict.NOT_ASKED


def test_a_package_without_attestations_is_unsigned_when_trust_is_required() -> None:
    report = make_package().verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.UNSIGNED, ["trust.unsigned"])
    assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED


def test_attack_signature_stripped_makes_the_package_unsigned() -> None:
    package = make_package().attest()
    del package.files[SIGNATURE]
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (
        TrustVerdict.UNSIGNED,
        ["attestation.not-signed", "trust.unsigned"],
    )


@pytest.mark.parametrize("path", ["bagit.txt", "metadata/description.yaml", "manifest-sha512.txt"])
def test_attack_tag_file_altered_breaks_the_package(path: str) -> None:
    package = make_package().attest()
    package.flip(path)
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    mismatch = next(f for f in report.findings if f.code == "attestation.checksum-mismatch")
    assert "attestation.uncovered-tag-file" not in codes(report)
    assert path in mismatch.message
    assert mismatch.place is not None
    assert (mismatch.place.file, exit_code_of(report.findings)) == (LIST, ExitCode.PROBLEMS_FOUND)


def test_attack_tag_file_added_is_an_error_and_makes_the_package_untrusted() -> None:
    package = make_package().attest()
    package.files["metadata/extra.json"] = b"{}"
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.UNTRUSTED
    assert codes(report) == ["attestation.uncovered-tag-file", "trust.not-trusted"]
    assert exit_code_of(report.findings) is ExitCode.PROBLEMS_FOUND


def test_attack_tag_file_removed_breaks_the_package() -> None:
    package = make_package().attest()
    del package.files["metadata/description.yaml"]
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.BROKEN, ["attestation.file-missing"])


def test_attack_statement_edited_is_found_by_its_own_list() -> None:
    package = make_package().attest()
    package.files[STATEMENT] = package.files[STATEMENT].replace(b"letters-1847", b"letters-1848")
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.BROKEN, ["attestation.checksum-mismatch"])


def test_attack_statement_and_list_edited_are_found_by_the_signature() -> None:
    package = make_package().attest()
    old = sha512(package.files[STATEMENT]).hex
    package.files[STATEMENT] = package.files[STATEMENT].replace(b"letters-1847", b"letters-1848")
    package.files[LIST] = package.files[LIST].replace(
        old.encode(), sha512(package.files[STATEMENT]).hex.encode()
    )
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.BROKEN, ["signature.broken"])
    assert not report.attestations[0].signatures[0].is_good


def test_attack_attestation_removed_from_the_middle_breaks_the_chain() -> None:
    package = make_package().attest().attest("custody-transfer").attest("fixity-check")
    package.files = {path: data for path, data in package.files.items() if not path.startswith(SECOND)}
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert {"attestation.numbering", "attestation.link-differs", "attestation.file-missing"} <= set(
        codes(report)
    )


def test_attack_first_attestation_removed_breaks_the_chain() -> None:
    package = make_package().attest().attest("custody-transfer")
    package.files = {p: d for p, d in package.files.items() if not p.startswith("attestations/0001")}
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert (
        "the first attestation is 0002-custody-transfer; expected number 0001" in report.findings[0].message
    )


def test_attack_attestations_reordered_breaks_the_chain() -> None:
    package = make_package().attest().attest("custody-transfer")
    swapped = {
        path.replace("0001-packaging", "0000")
        .replace("0002-", "0001-")
        .replace("0000", "0002-packaging"): data
        for path, data in package.files.items()
    }
    package.files = swapped
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert "attestation.link-differs" in codes(report)


def test_attack_earlier_attestation_replaced_by_another_good_one_is_found_by_its_link() -> None:
    package = make_package().attest().attest("custody-transfer")
    other = make_package().attest("packaging", note="something else")
    package.files |= {
        path: data for path, data in other.files.items() if path.startswith("attestations/0001")
    }
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert {"attestation.link-differs", "attestation.checksum-mismatch"} <= set(codes(report))


def test_attack_attestation_replayed_from_another_package_breaks_it() -> None:
    package, other = make_package("forged"), make_package("genuine").attest()
    package.files |= {path: data for path, data in other.files.items() if path.startswith("attestations/")}
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert {"attestation.subject-differs", "attestation.checksum-mismatch"} <= set(codes(report))


def test_attack_payload_manifest_swapped_under_a_list_without_it_is_found_by_the_subject() -> None:
    package = make_package().attest()
    lines = package.files[LIST].splitlines(keepends=True)
    package.files[LIST] = b"".join(line for line in lines if b"manifest-sha512" not in line)
    package.files[SIGNATURE] = sign(package.files[LIST], fixed_key(ARCHIVIST)).encode()
    package.flip("manifest-sha512.txt")
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert codes(report) == ["attestation.subject-differs", "attestation.uncovered-tag-file"]


def test_attack_payload_manifest_removed_is_named_as_missing_subject() -> None:
    package = make_package().attest()
    del package.files["manifest-sha512.txt"]
    report = package.verify(allow(ARCHIVIST))
    assert "is about manifest-sha512.txt, which is missing" in report.findings[1].message


def test_attack_attestation_appended_by_a_stranger_is_a_warning_and_changes_no_verdict() -> None:
    package = make_package().attest().attest("custody-transfer", STRANGER)
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.TRUSTED
    assert codes(report) == ["trust.key-unknown", "trust.attestation-untrusted"]
    assert exit_code_of(report.findings) is ExitCode.DONE


def test_attack_file_added_and_covered_by_a_stranger_is_untrusted() -> None:
    package = make_package().attest()
    package.files["metadata/extra.json"] = b"{}"
    report = package.attest("custody-transfer", STRANGER).verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.UNTRUSTED


def test_attack_signature_by_another_trusted_person_under_a_false_name_is_a_warning() -> None:
    claimants = make_package().attest("packaging", CURATOR).verify().attestations[0].statement
    assert claimants is not None
    forged = tuple(replace(c, principal=ARCHIVIST) for c in claimants.claimants)
    report = make_package().attest("packaging", CURATOR, claimants=forged).verify(allow(ARCHIVIST, CURATOR))
    assert report.verdict is TrustVerdict.TRUSTED
    assert codes(report) == ["trust.principal-differs"]


def test_attack_unsigned_attestation_appended_is_an_error() -> None:
    package = make_package().attest().attest("custody-transfer", STRANGER)
    del package.files[SECOND + "sha512sums.txt.stranger.sig"]
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.TRUSTED
    assert "attestation.not-signed" in codes(report)
    uncovered = [
        f.place.file for f in report.findings if f.code == "attestation.uncovered-tag-file" and f.place
    ]
    assert SECOND + "statement.json" in uncovered
    assert SECOND + "sha512sums.txt" not in uncovered


def test_attack_two_signatures_in_one_file_are_refused() -> None:
    package = make_package().attest()
    package.files[SIGNATURE] += sign(b"something else", fixed_key(STRANGER)).encode()
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)[0]) == (TrustVerdict.BROKEN, "signature.unreadable")
    assert report.attestations[0].signatures[0].fingerprint is None


def test_attack_list_that_leaves_out_its_own_statement_is_broken() -> None:
    package = make_package().attest()
    lines = package.files[LIST].splitlines(keepends=True)
    package.files[LIST] = b"".join(line for line in lines if b"statement.json" not in line)
    package.files[SIGNATURE] = sign(package.files[LIST], fixed_key(ARCHIVIST)).encode()
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)[0]) == (TrustVerdict.BROKEN, "attestation.list-invalid")


def test_attack_signature_for_another_purpose_is_refused() -> None:
    package = make_package().attest()
    package.files[SIGNATURE] = sign(package.files[LIST], fixed_key(ARCHIVIST), "git").encode()
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.BROKEN, ["signature.wrong-namespace"])


def test_a_signature_by_a_weak_key_breaks_but_one_of_unknown_type_only_does_not_count() -> None:
    def armoured(key_type: bytes) -> bytes:
        parts = (pack_string(key_type) + pack_mpint(1), b"archtool", b"", b"sha512", b"")
        return format_armour(
            "SSH SIGNATURE", b"SSHSIG" + pack_uint32(1) + b"".join(map(pack_string, parts))
        ).encode()

    package = make_package().attest()
    package.files[SIGNATURE] = armoured(b"ssh-dss")
    assert package.verify(allow(ARCHIVIST)).verdict is TrustVerdict.BROKEN
    unknown = Claimant(ARCHIVIST, fixed_key(STRANGER).public.fingerprint, "ssh-future")
    package = make_package().attest(claimants=(unknown,))
    package.files[SIGNATURE] = armoured(b"ssh-future")
    report = package.verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (
        TrustVerdict.UNTRUSTED,
        ["signature.unsupported", "trust.not-trusted"],
    )


@pytest.mark.parametrize("position", [60, 66, 70])
def test_attack_key_type_altered_in_a_signature_breaks_the_package(
    position: int,
) -> None:
    package = make_package().attest()
    package.flip(SIGNATURE, position)
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN


def test_two_attestations_with_the_same_number_break_the_chain() -> None:
    package, other = make_package().attest(), make_package().attest("validation")
    package.files |= other.files
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert "two attestations have the number 0001" in report.findings[0].message


@pytest.mark.parametrize(
    "path",
    [
        "attestations/README.txt",
        "attestations/1-packaging/statement.json",
        "attestations/0001-packaging/notes.txt",
        "attestations/0001-packaging/sha512sums.txt.sig",
        "attestations/0001-packaging/sha512sums.txt.Archivist.sig",
        "attestations/0001-packaging/deep/statement.json",
    ],
)
def test_a_file_below_attestations_that_belongs_to_none_is_an_error(path: str) -> None:
    package = make_package().attest()
    package.files[path] = b"hello"
    report = package.verify(allow(ARCHIVIST))
    assert codes(report) == ["attestation.unexpected-file"]
    assert report.verdict is TrustVerdict.TRUSTED


def test_a_timestamp_of_the_last_signature_need_not_be_covered() -> None:
    package = make_package().attest()
    package.files[SIGNATURE + ".tsr"] = b"\x30\x82"
    assert codes(package.verify(allow(ARCHIVIST))) == ["timestamp.unreadable"]


def test_a_signature_added_later_to_an_earlier_attestation_is_uncovered() -> None:
    package = make_package().attest().attest("custody-transfer")
    package.files[SIGNATURE.replace("archivist", "late")] = sign(
        package.files[LIST], fixed_key(ARCHIVIST)
    ).encode()
    assert codes(package.verify(allow(ARCHIVIST))) == ["attestation.uncovered-tag-file"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ('valid-before="20260101Z"', "trust.key-expired"),
        ('valid-after="20270101Z"', "trust.key-not-yet-valid"),
        ('namespaces="git"', "trust.wrong-namespace"),
    ],
)
def test_a_key_outside_its_dates_or_namespaces_is_not_trusted_and_the_reason_is_given(
    options: str, code: str
) -> None:
    report = make_package().attest().verify(allow(ARCHIVIST, options=options))
    assert (report.verdict, codes(report)) == (TrustVerdict.UNTRUSTED, [code, "trust.not-trusted"])
    assert report.attestations[0].signatures[0].reason


def test_a_key_is_judged_at_the_given_time() -> None:
    package, allowed = make_package().attest(), allow(ARCHIVIST, options='valid-before="20270101Z"')
    assert package.verify(allowed, at=NOW).verdict is TrustVerdict.TRUSTED
    assert package.verify(allowed, at=NOW + timedelta(days=365)).verdict is TrustVerdict.UNTRUSTED


def test_a_revoked_key_is_an_error_and_never_trusted() -> None:
    package = make_package().attest()
    report = package.verify(allow(ARCHIVIST), revoke(ARCHIVIST))
    assert (report.verdict, codes(report)) == (
        TrustVerdict.UNTRUSTED,
        ["trust.key-revoked", "trust.not-trusted"],
    )
    assert report.attestations[0].signatures[0].reason == "the key is revoked (revoked_keys:1)"
    assert codes(package.verify(None, revoke(ARCHIVIST))) == ["trust.key-revoked"]
    assert package.verify(allow(ARCHIVIST), revoke(CURATOR)).verdict is TrustVerdict.TRUSTED


def test_one_trusted_signer_of_two_is_enough_and_the_other_is_a_warning() -> None:
    report = make_package().attest("packaging", STRANGER, ARCHIVIST).verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["trust.key-unknown"])


def test_signatures_in_other_formats_are_reported_with_the_command_that_checks_them() -> None:
    package = make_package()
    package.files |= {"bagit.txt.asc": b"-----BEGIN PGP", "bagit.txt.p7s": b"\x30"}
    report = package.attest().verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.TRUSTED
    assert [f.severity for f in report.findings] == [Severity.NOTE] * 2
    assert report.findings[0].hint == "check with: gpg --verify bagit.txt.asc bagit.txt"
    assert "openssl cms -verify" in str(report.findings[1].hint)


def test_an_event_of_a_later_version_is_a_note() -> None:
    report = make_package().attest("emulation").verify(allow(ARCHIVIST))
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["attestation.event-unknown"])


@pytest.mark.parametrize("name", ["statement.json", "sha512sums.txt"])
def test_an_attestation_with_a_missing_file_is_broken(name: str) -> None:
    package = make_package().attest()
    del package.files[f"attestations/0001-packaging/{name}"]
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert "attestation.file-missing" in codes(report)


def test_a_link_to_an_attestation_without_a_list_is_broken() -> None:
    package = make_package().attest().attest("custody-transfer")
    del package.files[LIST]
    report = package.verify(allow(ARCHIVIST))
    assert "attestation.link-differs" in codes(report)


def test_an_attestation_without_a_link_to_an_earlier_one_is_broken() -> None:
    package = make_package().attest()
    unlinked = make_package().attest("custody-transfer")
    moved = {
        path.replace("0001-custody-transfer", "0002-custody-transfer"): data
        for path, data in unlinked.files.items()
        if path.startswith("attestations/")
    }
    package.files |= moved
    report = package.verify(allow(ARCHIVIST))
    assert any("has no link to the earlier attestation 0001-packaging" in f.message for f in report.findings)


@pytest.mark.parametrize("data", [b"", b"{}", b"{", b"\xff", b"[" * 10_000])
def test_a_statement_that_cannot_be_read_is_a_finding(data: bytes) -> None:
    package = make_package().attest()
    package.files[STATEMENT] = data
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict is TrustVerdict.BROKEN
    assert "attestation.statement-invalid" in codes(report)
    assert report.attestations[0].statement is None


def test_a_statement_in_the_folder_of_another_event_is_broken() -> None:
    package = make_package().attest()
    package.files = {p.replace("0001-packaging", "0001-repair"): d for p, d in package.files.items()}
    report = package.verify(allow(ARCHIVIST))
    assert "claims 'packaging', but its folder is named for 'repair'" in report.findings[0].message


def test_a_list_with_converted_line_ends_is_reported() -> None:
    package = make_package().attest()
    package.files[LIST] = package.files[LIST].replace(b"\n", b"\r\n")
    report = package.verify(allow(ARCHIVIST))
    assert [f.code for f in report.findings[:2]] == ["attestation.list-invalid", "signature.broken"]
    assert "CR LF" in report.findings[0].message


def test_a_signature_that_was_not_read_is_unreadable_not_good() -> None:
    package = make_package().attest()
    inputs = package.chain_input()
    files = {path: data for path, data in inputs.files.items() if path != SIGNATURE}
    report = verify_chain(
        ChainInput(files, inputs.tag_digests), allowed=allow(ARCHIVIST), revoked=None, at=NOW
    )
    assert (report.verdict, codes(report)) == (TrustVerdict.BROKEN, ["signature.unreadable"])


def test_the_given_bytes_take_precedence_over_the_given_digests() -> None:
    package = make_package().attest()
    honest = package.digests()
    package.flip(STATEMENT, -2)
    inputs = ChainInput(package.chain_input().files, honest)
    report = verify_chain(inputs, allowed=allow(ARCHIVIST), revoked=None, at=NOW)
    assert "attestation.checksum-mismatch" in codes(report)


def test_tag_manifests_need_not_be_signed() -> None:
    package = make_package().attest()
    package.files["tagmanifest-sha512.txt"] = b"whatever"
    assert package.verify(allow(ARCHIVIST)).verdict is TrustVerdict.TRUSTED


def test_all_faults_of_a_chain_are_reported() -> None:
    package = make_package().attest().attest("custody-transfer")
    package.flip("bagit.txt")
    package.flip("bag-info.txt")
    package.flip(SECOND + "statement.json")
    report = package.verify(allow(ARCHIVIST))
    assert codes(report).count("attestation.checksum-mismatch") == 5


@example(SIGNATURE, 61, 65)
@given(st.sampled_from([LIST, SIGNATURE]), st.integers(min_value=0), st.integers(min_value=0, max_value=255))
@settings(deadline=None)
def test_any_changed_byte_of_a_list_or_a_signature_breaks_the_package(
    path: str, position: int, value: int
) -> None:
    package = make_package().attest()
    data = bytearray(package.files[path])
    position %= len(data)
    data[position] = value if data[position] != value else (value + 1) % 256
    package.files[path] = bytes(data)
    report = package.verify(allow(ARCHIVIST))
    # a changed key type can be an unknown one: then the signature of the named signer is missing
    assert report.verdict is TrustVerdict.BROKEN
    assert not any(s.is_good for a in report.attestations for s in a.signatures)


@given(st.dictionaries(st.sampled_from([LIST, SIGNATURE, STATEMENT, SECOND + "x"]), st.binary(max_size=80)))
@settings(deadline=None)
def test_any_bytes_below_attestations_yield_a_report(files: dict[str, bytes]) -> None:
    package = make_package()
    package.files |= files
    report = package.verify(allow(ARCHIVIST))
    assert report.verdict in (TrustVerdict.BROKEN, TrustVerdict.UNSIGNED)


def test_every_finding_kind_has_a_unique_code_a_summary_and_an_advice() -> None:
    found = [kind.code for kind in finding_kinds.KINDS]
    assert len(found) == len(set(found)) == 33
    for kind in finding_kinds.KINDS:
        assert kind.code.split(".")[0] in ("attestation", "signature", "trust")
        assert kind.summary.endswith(".")
        assert kind.advice
    not_trusted_codes = {k.code for k in finding_kinds.KINDS if k.exit_code is ExitCode.NOT_TRUSTED}
    assert not_trusted_codes == {"trust.key-revoked", "trust.not-trusted", "trust.unsigned"}
