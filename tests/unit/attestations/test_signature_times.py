"""Since when signatures are proved to be there, and what that does to the keys that made them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.attestations.report import TrustVerdict
from archtool.exit_codes import ExitCode
from archtool.findings import exit_code_of
from archtool.openssh.sshsig import sign
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.timestamps.certificates import Authorities
from timestamping import (
    STAMPED_AT,
    TimestampAuthority,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
)
from unit.attestations.trust_builders import (
    ARCHIVIST,
    CURATOR,
    LIST,
    SIGNATURE,
    STRANGER,
    Package,
    allow,
    codes,
    fixed_key,
    make_package,
    revoke,
)
from unit.openssh.certificate_builder import about_authority, certified, krl, pack_uint64

pytestmark = [needs_openssl, needs_faketime]
IN_2060 = datetime(2060, 1, 1, tzinfo=UTC)
IN_2031 = datetime(2031, 1, 1, tzinfo=UTC)
ISSUER = AllowedSigners.parse(
    f"*@example.org cert-authority {fixed_key('authority').public.format_public_line()}", "allowed_signers"
)
UNTIL_2031 = 'valid-before="20310101Z"'
TOKEN = SIGNATURE + ".tsr"
SECOND = "attestations/0002-custody-transfer/sha512sums.txt.curator.sig"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture(scope="module")
def roots(authority: TimestampAuthority) -> Authorities:
    return Authorities.parse(authority.roots.read_bytes(), "roots.pem")


def stamp(package: Package, path: str, authority: TimestampAuthority, at: datetime = STAMPED_AT) -> Package:
    package.files[path + ".tsr"] = authority.stamp(package.files[path], at)
    return package


def test_a_key_that_expired_in_2031_is_believed_in_2060_for_what_it_signed_before(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    signature = report.attestations[0].signatures[0]
    assert signature.proved is not None
    assert (signature.proved.at, signature.proved.path) == (STAMPED_AT, TOKEN)
    assert signature.proved.authority == "Test timestamps"


def test_without_roots_the_same_key_has_expired_and_the_time_is_only_said(
    authority: TimestampAuthority,
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060)
    assert (report.verdict, codes(report)) == (
        TrustVerdict.UNTRUSTED,
        ["trust.key-expired", "trust.not-trusted"],
    )
    signature = report.attestations[0].signatures[0]
    assert signature.proved is None
    assert signature.timestamp is not None
    assert signature.timestamp.at == STAMPED_AT


def test_a_timestamp_from_after_the_key_expired_does_not_help(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority, datetime(2035, 1, 1, tzinfo=UTC))
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert codes(report) == ["trust.key-expired", "trust.not-trusted"]


def test_a_key_that_was_not_valid_yet_at_the_proved_time_is_not_believed(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    late = allow(ARCHIVIST, options='valid-after="20300101Z"')
    assert package.verify(late, at=IN_2060).verdict is TrustVerdict.TRUSTED
    report = package.verify(late, at=IN_2060, authorities=roots)
    assert codes(report) == ["trust.key-not-yet-valid", "trust.not-trusted"]


def test_a_revoked_key_stays_revoked_whatever_the_time(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST), revoke(ARCHIVIST), at=IN_2060, authorities=roots)
    assert codes(report)[0] == "trust.key-revoked"
    assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED


def test_without_a_list_of_signers_a_time_is_proved_all_the_same(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    report = stamp(make_package().attest(), SIGNATURE, authority).verify(authorities=roots)
    assert report.verdict is TrustVerdict.NOT_ASKED
    proved = report.attestations[0].signatures[0].proved
    assert proved is not None
    assert proved.at == STAMPED_AT


def test_the_timestamp_of_a_trusted_later_attestation_proves_the_earlier_signatures_too(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", CURATOR)
    stamp(package, SECOND, authority)
    report = package.verify(allow(ARCHIVIST, CURATOR, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    first, second = (a.signatures[0] for a in report.attestations)
    assert first.timestamp is None
    assert first.proved is not None
    assert first.proved == second.proved
    assert first.proved.path == SECOND + ".tsr"


def test_the_earliest_of_several_proofs_counts(authority: TimestampAuthority, roots: Authorities) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority, datetime(2030, 1, 1, tzinfo=UTC))
    package.attest("custody-transfer", CURATOR)
    stamp(package, SECOND, authority)  # whoever set the first clock was wrong, or is lying
    report = package.verify(allow(ARCHIVIST, CURATOR), at=IN_2060, authorities=roots)
    first = report.attestations[0].signatures[0]
    assert first.proved is not None
    assert (first.proved.at, first.proved.path) == (STAMPED_AT, SECOND + ".tsr")


def test_attack_a_strangers_timestamp_does_not_make_an_earlier_signature_older(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", STRANGER)
    stamp(package, SECOND.replace("curator", "stranger"), authority)
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert report.attestations[0].signatures[0].proved is None
    assert report.verdict is TrustVerdict.UNTRUSTED


def test_attack_an_earlier_signature_exchanged_under_a_timestamp_gains_nothing(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", CURATOR)
    stamp(package, SECOND, authority)
    package.files[SIGNATURE] = make_package("other").attest().files[SIGNATURE]
    report = package.verify(allow(ARCHIVIST, CURATOR), at=IN_2060, authorities=roots)
    assert report.verdict is TrustVerdict.BROKEN
    assert report.attestations[0].signatures[0].proved is None


def test_attack_the_timestamp_of_another_signature_is_an_error_and_breaks_no_good_one(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest()
    package.files[TOKEN] = authority.stamp(make_package("other").attest().files[SIGNATURE])
    report = package.verify(allow(ARCHIVIST), authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["timestamp.imprint-differs"])
    assert exit_code_of(report.findings) is ExitCode.PROBLEMS_FOUND


def test_attack_a_signature_stripped_from_under_its_timestamp_is_told_of(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest("packaging", ARCHIVIST, CURATOR), SIGNATURE, authority)
    del package.files[SIGNATURE]
    report = package.verify(allow(CURATOR), authorities=roots)
    assert codes(report) == ["timestamp.without-signature", "attestation.signature-missing"]
    assert exit_code_of(report.findings) is ExitCode.PROBLEMS_FOUND


def test_an_authority_that_nobody_vouches_for_is_a_warning(
    authority: TimestampAuthority, tmp_path: Path
) -> None:
    other = make_timestamp_authority(tmp_path / "other")
    package = stamp(make_package().attest(), SIGNATURE, authority)
    roots = Authorities.parse(other.roots.read_bytes(), "roots.pem")
    report = package.verify(allow(ARCHIVIST), authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["timestamp.untrusted"])
    assert exit_code_of(report.findings) is ExitCode.DONE


def test_a_timestamp_added_to_an_attestation_that_others_follow_is_not_covered(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", CURATOR)
    stamp(package, SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST, CURATOR), authorities=roots)
    assert codes(report) == ["attestation.uncovered-tag-file"]
    covering = package.attest("fixity-check", ARCHIVIST)
    assert covering.verify(allow(ARCHIVIST, CURATOR), authorities=roots).findings == ()


def stamped_with_a_certificate(authority: TimestampAuthority, **changes: object) -> Package:
    package = make_package().attest()
    package.files[SIGNATURE] = sign(package.files[LIST], certified(**changes)).encode()
    return stamp(package, SIGNATURE, authority)


def test_a_certificate_that_expired_in_2031_is_believed_in_2060_for_what_was_signed_with_it_before(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamped_with_a_certificate(authority, valid_before=int(IN_2031.timestamp()))
    report = package.verify(ISSUER, at=IN_2060, authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    without_roots = package.verify(ISSUER, at=IN_2060)
    assert without_roots.verdict is TrustVerdict.UNTRUSTED
    assert "trust.certificate-expired" in codes(without_roots)


def test_a_certificate_made_after_the_proved_time_of_the_signature_is_not_believed(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamped_with_a_certificate(authority, valid_after=int(IN_2031.timestamp()))
    report = package.verify(ISSUER, at=IN_2060, authorities=roots)
    assert report.verdict is TrustVerdict.UNTRUSTED
    assert codes(report)[0] == "trust.certificate-not-yet-valid"


def test_a_certificate_that_was_revoked_is_not_believed_whatever_the_time(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamped_with_a_certificate(authority)
    listed = krl(about_authority(fixed_key("authority").public.blob, (0x20, pack_uint64(5))))
    report = package.verify(ISSUER, RevokedKeys.parse(listed, "krl"), IN_2060, roots)
    assert report.verdict is TrustVerdict.UNTRUSTED
    assert codes(report)[0] == "trust.certificate-revoked"
