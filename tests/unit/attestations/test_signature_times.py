"""Proved times of signatures, and their effect on keys that have expired or were revoked."""

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


def test_a_key_that_expired_in_2031_is_trusted_in_2060_for_a_signature_proved_before(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    signature = report.attestations[0].signatures[0]
    assert signature.proved_time is not None
    assert (signature.proved_time.at, signature.proved_time.path) == (STAMPED_AT, TOKEN)
    assert signature.proved_time.authority == "Test timestamps"


def test_without_roots_an_expired_key_is_untrusted_and_the_time_is_not_proved(
    authority: TimestampAuthority,
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060)
    assert (report.verdict, codes(report)) == (
        TrustVerdict.UNTRUSTED,
        ["trust.key-expired", "trust.not-trusted"],
    )
    signature = report.attestations[0].signatures[0]
    assert signature.proved_time is None
    assert signature.timestamp is not None
    assert signature.timestamp.at == STAMPED_AT


def test_a_timestamp_from_after_the_key_expired_does_not_help(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority, datetime(2035, 1, 1, tzinfo=UTC))
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert codes(report) == ["trust.key-expired", "trust.not-trusted"]


def test_a_key_that_was_not_valid_yet_at_the_proved_time_is_not_trusted(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    late = allow(ARCHIVIST, options='valid-after="20300101Z"')
    assert package.verify(late, at=IN_2060).verdict is TrustVerdict.TRUSTED
    report = package.verify(late, at=IN_2060, authorities=roots)
    assert codes(report) == ["trust.key-not-yet-valid", "trust.not-trusted"]


def test_a_revoked_key_is_revoked_at_any_proved_time(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority)
    report = package.verify(allow(ARCHIVIST), revoke(ARCHIVIST), at=IN_2060, authorities=roots)
    assert codes(report)[0] == "trust.key-revoked"
    assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED


def test_a_time_is_proved_without_a_list_of_signers(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    report = stamp(make_package().attest(), SIGNATURE, authority).verify(authorities=roots)
    assert report.verdict is TrustVerdict.NOT_ASKED
    proved = report.attestations[0].signatures[0].proved_time
    assert proved is not None
    assert proved.at == STAMPED_AT


def test_the_timestamp_of_a_trusted_later_attestation_also_proves_earlier_signatures(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", CURATOR)
    stamp(package, SECOND, authority)
    report = package.verify(allow(ARCHIVIST, CURATOR, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    first, second = (a.signatures[0] for a in report.attestations)
    assert first.timestamp is None
    assert first.proved_time is not None
    assert first.proved_time == second.proved_time
    assert first.proved_time.path == SECOND + ".tsr"


def test_the_earliest_of_several_proofs_counts(authority: TimestampAuthority, roots: Authorities) -> None:
    package = stamp(make_package().attest(), SIGNATURE, authority, datetime(2030, 1, 1, tzinfo=UTC))
    package.attest("custody-transfer", CURATOR)
    stamp(package, SECOND, authority)  # the first authority's clock was wrong
    report = package.verify(allow(ARCHIVIST, CURATOR), at=IN_2060, authorities=roots)
    first = report.attestations[0].signatures[0]
    assert first.proved_time is not None
    assert (first.proved_time.at, first.proved_time.path) == (STAMPED_AT, SECOND + ".tsr")


def test_attack_timestamp_of_a_stranger_proves_no_time_for_earlier_signatures(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", STRANGER)
    stamp(package, SECOND.replace("curator", "stranger"), authority)
    report = package.verify(allow(ARCHIVIST, options=UNTIL_2031), at=IN_2060, authorities=roots)
    assert report.attestations[0].signatures[0].proved_time is None
    assert report.verdict is TrustVerdict.UNTRUSTED


def test_attack_earlier_signature_replaced_after_a_timestamp_has_no_proved_time(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest().attest("custody-transfer", CURATOR)
    stamp(package, SECOND, authority)
    package.files[SIGNATURE] = make_package("other").attest().files[SIGNATURE]
    report = package.verify(allow(ARCHIVIST, CURATOR), at=IN_2060, authorities=roots)
    assert report.verdict is TrustVerdict.BROKEN
    assert report.attestations[0].signatures[0].proved_time is None


def test_attack_timestamp_of_another_signature_is_an_error_but_breaks_no_good_signature(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = make_package().attest()
    package.files[TOKEN] = authority.stamp(make_package("other").attest().files[SIGNATURE])
    report = package.verify(allow(ARCHIVIST), authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["timestamp.imprint-differs"])
    assert exit_code_of(report.findings) is ExitCode.PROBLEMS_FOUND


def test_attack_signature_removed_from_under_its_timestamp_is_reported(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamp(make_package().attest("packaging", ARCHIVIST, CURATOR), SIGNATURE, authority)
    del package.files[SIGNATURE]
    report = package.verify(allow(CURATOR), authorities=roots)
    assert codes(report) == ["timestamp.without-signature", "attestation.signature-missing"]
    assert exit_code_of(report.findings) is ExitCode.PROBLEMS_FOUND


def test_a_timestamp_authority_without_a_known_root_is_a_warning(
    authority: TimestampAuthority, tmp_path: Path
) -> None:
    other = make_timestamp_authority(tmp_path / "other")
    package = stamp(make_package().attest(), SIGNATURE, authority)
    roots = Authorities.parse(other.roots.read_bytes(), "roots.pem")
    report = package.verify(allow(ARCHIVIST), authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["timestamp.untrusted"])
    assert exit_code_of(report.findings) is ExitCode.DONE


def test_a_timestamp_added_to_an_earlier_attestation_is_uncovered(
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


def test_a_certificate_that_expired_in_2031_is_trusted_in_2060_for_a_signature_proved_before(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamped_with_a_certificate(authority, valid_before=int(IN_2031.timestamp()))
    report = package.verify(ISSUER, at=IN_2060, authorities=roots)
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    without_roots = package.verify(ISSUER, at=IN_2060)
    assert without_roots.verdict is TrustVerdict.UNTRUSTED
    assert "trust.certificate-expired" in codes(without_roots)


def test_a_certificate_that_begins_after_the_proved_time_is_not_trusted(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamped_with_a_certificate(authority, valid_after=int(IN_2031.timestamp()))
    report = package.verify(ISSUER, at=IN_2060, authorities=roots)
    assert report.verdict is TrustVerdict.UNTRUSTED
    assert codes(report)[0] == "trust.certificate-not-yet-valid"


def test_a_revoked_certificate_is_not_trusted_at_any_proved_time(
    authority: TimestampAuthority, roots: Authorities
) -> None:
    package = stamped_with_a_certificate(authority)
    listed = krl(about_authority(fixed_key("authority").public.blob, (0x20, pack_uint64(5))))
    report = package.verify(ISSUER, RevokedKeys.parse(listed, "krl"), IN_2060, roots)
    assert report.verdict is TrustVerdict.UNTRUSTED
    assert codes(report)[0] == "trust.certificate-revoked"
