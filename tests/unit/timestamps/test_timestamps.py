"""Timestamps of a real authority (`openssl ts`): checks of good, unusual and forged tokens."""

from __future__ import annotations

import pickle
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.attestations.signatures.cms_signing import load_cms_signer
from archtool.errors import InputError
from archtool.timestamps.certificates import Authorities, load_certificate
from archtool.timestamps.cms import in_der_order, parse_signed_data
from archtool.timestamps.der import (
    BIT_STRING,
    SEQUENCE,
    SET,
    UTF8_STRING,
    context,
    der,
    der_integer,
    der_oid,
    read_der,
)
from archtool.timestamps.key_signature import is_valid_signature
from archtool.timestamps.limits import MAX_PATH, MAX_TIMESTAMP_BYTES
from archtool.timestamps.report import TimestampReport
from archtool.timestamps.timestamp_check import check_timestamp
from archtool.timestamps.token import TST_INFO, RejectedError, TimestampToken
from budgets import examples
from timestamping import (
    AUTHORITY,
    STAMPED_AT,
    Identity,
    TimestampAuthority,
    Wish,
    certify,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
    query_for,
    run,
)
from unit.timestamps.token_maker import extensions, sign_token, tst_info

pytestmark = [needs_openssl, needs_faketime]
SIGNATURE = b"-----BEGIN SSH SIGNATURE-----\n(not parsed in these tests)\n"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
IN_2060 = datetime(2060, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture(scope="module")
def token(authority: TimestampAuthority) -> bytes:
    return authority.stamp(SIGNATURE)


def roots_of(*identities: Identity | TimestampAuthority) -> Authorities:
    certificates = [one.root if isinstance(one, TimestampAuthority) else one for one in identities]
    return Authorities.parse(b"".join(one.pem for one in certificates), "roots.pem")


def check(
    data: bytes, roots: Authorities | None, stamped: bytes = SIGNATURE, now: datetime = NOW
) -> tuple[TimestampReport, list[str]]:
    report, findings = check_timestamp("x.sig.tsr", data, stamped, roots, now)
    assert all(finding.place is not None and finding.place.file == "x.sig.tsr" for finding in findings)
    assert report.proved_at is None or findings == ()
    return report, [finding.code for finding in findings]


def openssl_accepts(authority: TimestampAuthority, token: bytes, data: bytes, *options: str) -> bool:
    (authority.folder / "token").write_bytes(token)
    (authority.folder / "data").write_bytes(data)
    command = ["openssl", "ts", "-verify", "-data", str(authority.folder / "data"), "-in",
               str(authority.folder / "token"), "-CAfile", str(authority.roots), *options]  # fmt: skip
    return run(*command, at=STAMPED_AT, check=False).returncode == 0


def test_a_timestamp_of_a_trusted_authority_proves_its_time(
    authority: TimestampAuthority, token: bytes
) -> None:
    report, codes = check(token, roots_of(authority))
    assert (report.proved_at, report.authority, codes) == (STAMPED_AT, "Test timestamps", [])
    assert report.trusted_by == "roots.pem"
    assert report.certificates_end_at == datetime(2040, 1, 1, tzinfo=UTC)
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes


def test_a_token_proves_its_time_in_2060_although_every_certificate_has_expired(
    authority: TimestampAuthority, token: bytes
) -> None:
    report, _ = check(token, roots_of(authority), now=IN_2060)
    assert report.proved_at == STAMPED_AT


def test_without_roots_the_time_is_not_proved_and_there_is_no_finding(token: bytes) -> None:
    report, codes = check(token, None)
    assert (report.at, report.proved_at, codes) == (STAMPED_AT, None, [])


def test_roots_of_another_authority_prove_no_time(token: bytes) -> None:
    report, codes = check(token, roots_of(certify("Another root", None)))
    assert (report.at, report.proved_at, codes) == (STAMPED_AT, None, ["timestamp.untrusted"])
    assert report.reason == (
        "no root in roots.pem leads to 'Test timestamps': the certificate of 'Test timestamps root',"
        " which issued that of 'Test timestamps', is missing"
    )


def test_attack_root_of_the_same_name_with_another_key_is_not_accepted(token: bytes) -> None:
    report, codes = check(token, roots_of(certify("Test timestamps root", None)))
    assert codes == ["timestamp.untrusted"]
    assert "was not signed by the given 'Test timestamps root'" in (report.reason or "")


def test_attack_token_of_another_signature_is_an_error(authority: TimestampAuthority, token: bytes) -> None:
    report, codes = check(token, roots_of(authority), stamped=SIGNATURE + b"\n")
    assert (report.at, report.proved_at, codes) == (None, None, ["timestamp.imprint-differs"])


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa2048", "rsa3072"])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_rsa_and_ec_keys_and_all_three_digests_are_accepted(tmp_path: Path, kind: str, digest: str) -> None:
    tsa = make_timestamp_authority(tmp_path / "tsa", kind, settings=f"signer_digest = {digest}")
    token = tsa.stamp(SIGNATURE, digest=digest)
    assert check(token, roots_of(tsa))[0].proved_at == STAMPED_AT
    assert openssl_accepts(tsa, token, SIGNATURE)


def test_the_older_certificate_attribute_with_sha_1_is_accepted(tmp_path: Path) -> None:
    tsa = make_timestamp_authority(
        tmp_path / "tsa", settings="ess_cert_id_alg = sha1\ness_cert_id_chain = yes"
    )
    assert check(tsa.stamp(SIGNATURE), roots_of(tsa))[0].proved_at == STAMPED_AT


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_token_with_certificates_in_any_order_is_accepted_as_by_openssl(
    tmp_path: Path, *, is_reversed: bool
) -> None:
    root = certify("Root", None)
    between = certify("Between", root, wish=AUTHORITY)
    sends = [root, between] if is_reversed else [between, root]
    tsa = make_timestamp_authority(tmp_path / "tsa", root=root, between=[between], sends=sends)
    token = tsa.stamp(SIGNATURE)
    orders = [token, with_certificates_reversed(token)]
    assert sum(is_unsorted(one) for one in orders) >= 1
    for one in orders:
        assert check(one, roots_of(root))[0].proved_at == STAMPED_AT
        assert openssl_accepts(tsa, one, SIGNATURE)


def with_certificates_reversed(reply: bytes) -> bytes:
    """Return the answer with its certificates in reverse order, which no signature covers."""
    token = TimestampToken.parse(reply, "reply").raw
    outer = read_der(token, "token").children()
    parts = [
        der(e.tag, *(c.raw for c in reversed(e.children()))) if e.tag == context(0) else e.raw
        for e in outer[1].children()[0].children()
    ]
    turned = der(SEQUENCE, outer[0].raw, der(context(0), der(SEQUENCE, *parts)))
    return der(SEQUENCE, der(SEQUENCE, der_integer(0)), turned)


def certificate_bytes(reply: bytes, count: int = 3) -> list[bytes]:
    inside = read_der(TimestampToken.parse(reply, "reply").raw, "token").children()[1].children()[0]
    found = [c.raw for e in inside.children() if e.tag == context(0) for c in e.children()]
    assert len(found) == count
    return found


def is_unsorted(reply: bytes) -> bool:
    found = certificate_bytes(reply)
    return found != sorted(found)


def test_certificates_can_be_sorted_in_der_order_without_breaking_the_token(tmp_path: Path) -> None:
    root = certify("Root", None)
    between = certify("Between", root, wish=AUTHORITY)
    tsa = make_timestamp_authority(tmp_path / "tsa", root=root, between=[between], sends=[between, root])
    token = tsa.stamp(SIGNATURE)
    orders = {
        in_der_order(TimestampToken.parse(one, "reply").raw, "token")
        for one in (token, with_certificates_reversed(token))
    }
    (only,) = orders
    assert [
        c.raw for c in read_der(only, "t").children()[1].children()[0].children()[3].children()
    ] == sorted(certificate_bytes(token))
    assert check(only, roots_of(root))[0].proved_at == STAMPED_AT


def test_a_bare_token_is_accepted_like_a_whole_answer(authority: TimestampAuthority, token: bytes) -> None:
    bare = TimestampToken.parse(token, "reply").raw
    assert len(bare) < len(token)
    assert check(bare, roots_of(authority))[0].proved_at == STAMPED_AT
    assert openssl_accepts(authority, bare, SIGNATURE, "-token_in")


def test_intermediates_in_the_file_of_roots_are_used_but_are_no_roots(tmp_path: Path) -> None:
    root = certify("Root", None)
    between = certify("Between", root, wish=AUTHORITY)
    tsa = make_timestamp_authority(tmp_path / "tsa", root=root, between=[between])
    token = tsa.stamp(SIGNATURE)
    assert check(token, roots_of(root))[1] == ["timestamp.untrusted"]
    assert check(token, roots_of(root, between))[0].proved_at == STAMPED_AT
    with pytest.raises(InputError, match="contains no root"):
        roots_of(between)


@pytest.mark.parametrize("sends_lower", [False, True])
def test_a_missing_intermediate_is_named_and_adding_it_helps(tmp_path: Path, sends_lower: bool) -> None:
    root = certify("Root", None)
    upper = certify("Upper", root, wish=AUTHORITY)
    lower = certify("Lower", upper, wish=AUTHORITY)
    tsa = make_timestamp_authority(
        tmp_path / "tsa", root=root, between=[upper, lower], sends=[lower] if sends_lower else []
    )
    token = tsa.stamp(SIGNATURE)
    missing, below = ("Upper", "Lower") if sends_lower else ("Lower", "Test timestamps")
    report, (finding,) = check_timestamp("x.sig.tsr", token, SIGNATURE, roots_of(root), NOW)
    reason = f"the certificate of '{missing}', which issued that of '{below}', is missing"
    assert reason in (report.reason or "")
    assert f"get the certificate of '{missing}' from the authority, in PEM, and append it to roots.pem" in (
        finding.hint or ""
    )
    added = [upper] if sends_lower else [lower, upper]
    assert check(token, roots_of(root, *added))[0].proved_at == STAMPED_AT


UNFIT = [
    (Wish(purposes=None), "timestamp.certificate-unfit"),
    (Wish(critical=False), "timestamp.certificate-unfit"),
    (Wish(purposes=[ExtendedKeyUsageOID.CODE_SIGNING]), "timestamp.certificate-unfit"),
    (
        Wish(purposes=[ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING]),
        "timestamp.certificate-unfit",
    ),
    (
        Wish(begin=datetime(2020, 1, 1, tzinfo=UTC), end=datetime(2026, 11, 22, 11, 59, tzinfo=UTC)),
        "timestamp.untrusted",
    ),
    (Wish(begin=datetime(2027, 1, 1, tzinfo=UTC)), "timestamp.untrusted"),
]


@pytest.mark.parametrize(("wish", "code"), UNFIT)
def test_a_certificate_with_another_purpose_or_other_dates_proves_no_time(
    tmp_path: Path, wish: Wish, code: str
) -> None:
    root = certify("Root", None)
    # a real authority would not sign with such a certificate
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Unfit", root, wish=wish))
    report, codes = check(token, roots_of(root))
    assert (report.at, report.proved_at, codes) == (STAMPED_AT, None, [code])


SIGNATURE_FORMS = [
    ("p256", ("-md", "sha512")),
    ("p256", ("-md", "sha256", "-keyid")),
    ("rsa2048", ("-md", "sha256", "-keyopt", "rsa_padding_mode:pss")),
    ("rsa2048", ("-md", "sha384", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:32")),
]


@pytest.mark.parametrize(("kind", "options"), SIGNATURE_FORMS)
def test_other_signature_algorithms_are_accepted(tmp_path: Path, kind: str, options: tuple[str, ...]) -> None:
    root = certify("Root", None)
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", root, kind), *options)
    report, codes = check(token, roots_of(root))
    assert (report.proved_at, codes) == (STAMPED_AT, [])
    moved = token.replace(b"20261122120000Z", b"20161122120000Z")
    assert check(moved, roots_of(root))[1] == ["timestamp.broken"]


def test_a_changed_signature_does_not_verify(tmp_path: Path) -> None:
    root = certify("Root", None)
    for kind, options in SIGNATURE_FORMS:
        token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", root, kind), *options)
        changed = bytearray(token)
        changed[-1] ^= 1  # the last byte of the signature
        report, codes = check(bytes(changed), roots_of(root))
        assert codes == ["timestamp.broken"], kind
        assert report.reason == "its signature does not verify"


def test_sha_1_only_in_the_signature_is_weak(tmp_path: Path) -> None:
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", None), "-md", "sha1")
    assert check(token, None)[1] == ["timestamp.weak"]


def test_an_unknown_digest_or_a_weak_curve_proves_no_time(tmp_path: Path) -> None:
    root = certify("Root", None)
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", root))
    sha3 = token.replace(der_oid("2.16.840.1.101.3.4.2.1"), der_oid("2.16.840.1.101.3.4.2.8"))
    report, codes = check(sha3, roots_of(root))
    assert codes == ["timestamp.unsupported"]
    assert "an unknown digest: 2.16.840.1.101.3.4.2.8" in (report.reason or "")
    small = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", root, "p192"))
    report, codes = check(small, roots_of(root))
    assert codes == ["timestamp.weak"]
    assert report.reason == "it was signed with a key on a curve of 192 bits (at least 256 are accepted)"


def test_a_mask_of_another_digest_is_refused(tmp_path: Path) -> None:
    options = ("-md", "sha256", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_mgf1_md:sha1")
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", None, "rsa2048", Wish()), *options)
    assert check(token, None)[1] == ["timestamp.broken"]


def test_an_unknown_signature_algorithm_is_unsupported_and_another_digest_is_broken(tmp_path: Path) -> None:
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", None, wish=Wish()))
    head, _, tail = token.rpartition(der_oid("1.2.840.10045.4.3.2"))  # the last one is the signer's
    unknown = head + der_oid("1.2.840.10045.4.3.9") + tail
    report, codes = check(unknown, None)
    assert codes == ["timestamp.unsupported"]
    assert "signed with an unknown algorithm: 1.2.840.10045.4.3.9" in (report.reason or "")
    of_another_digest = head + der_oid("1.2.840.10045.4.3.4") + tail
    assert check(of_another_digest, None)[1] == ["timestamp.broken"]


def test_ed25519_signatures_are_verified() -> None:
    signer = certify("Signer", None, "ed25519", Wish())
    assert isinstance(signer.key, ed25519.Ed25519PrivateKey)
    algorithm = read_der(der(SEQUENCE, der_oid("1.3.101.112")), "it")
    signature = signer.key.sign(b"signed")
    assert is_valid_signature(signer.certificate, algorithm, "sha512", signature, b"signed")
    assert not is_valid_signature(signer.certificate, algorithm, "sha512", signature, b"changed")


def test_a_token_whose_signed_attributes_do_not_identify_its_certificate_is_broken(tmp_path: Path) -> None:
    token = sign_token(tmp_path, tst_info(SIGNATURE), certify("Signer", None, wish=Wish()), ess=False)
    report, codes = check(token, None)
    assert codes == ["timestamp.broken"]
    assert report.reason == "its signed attributes do not identify the certificate in it"


def test_only_critical_extensions_of_a_token_are_refused(tmp_path: Path) -> None:
    root = certify("Root", None)
    signer = certify("Signer", root)
    qualified = extensions("1.3.6.1.5.5.7.1.3", critical=False)  # added by authorities of the EU
    token = sign_token(tmp_path, tst_info(SIGNATURE, qualified), signer)
    assert check(token, roots_of(root))[0].proved_at == STAMPED_AT
    unknown = extensions("1.2.3.4.5", critical=True)
    token = sign_token(tmp_path, tst_info(SIGNATURE, unknown), signer)
    report, codes = check(token, roots_of(root))
    assert codes == ["timestamp.unreadable"]
    assert "has an unknown critical extension: 1.2.3.4.5" in (report.reason or "")


@pytest.mark.parametrize(
    ("info", "options", "reason"),
    [
        (tst_info(SIGNATURE, version=2), (), "version 2 of timestamps"),
        (tst_info(SIGNATURE), ("-md", "sha256", "-noattr"), "no signed attributes"),
    ],
)
def test_signed_data_that_is_no_timestamp_is_refused(
    tmp_path: Path, info: bytes, options: tuple[str, ...], reason: str
) -> None:
    signer = certify("Signer", None, wish=Wish())
    token = sign_token(tmp_path, info, signer, *options, ess="-noattr" not in options)
    report, codes = check(token, None)
    assert codes == ["timestamp.unreadable"]
    assert reason in (report.reason or "")


def test_signed_data_of_another_type_is_not_a_timestamp(tmp_path: Path) -> None:
    signer = certify("Signer", None, wish=Wish())
    letter = sign_token(tmp_path, b"To the sections.", signer, kind="1.2.840.113549.1.7.1")
    assert check(letter, None)[0].reason == "x.sig.tsr is damaged: its signed content is not a timestamp"


def test_other_cms_and_der_data_are_not_timestamps(token: bytes, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"data")
    command = ["openssl", "cms", "-data_create", "-in", str(tmp_path / "data"), "-outform", "DER"]
    plain = run(*command).stdout
    for data, reason in (
        (plain, "its content is not signed data"),
        (der(SEQUENCE, der(SEQUENCE, der_integer(2))), "the authority refused: rejected"),
        (
            der(SEQUENCE, der(SEQUENCE, der_integer(9), der(SEQUENCE, der(0x0C, b"closed")))),
            "status 9: closed",
        ),
        (token.replace(b"\x30", b"\x31", 1), "does not begin like one"),
    ):
        with pytest.raises(InputError, match=reason):
            TimestampToken.parse(data, "it")


def test_a_certificate_that_cannot_be_read_makes_a_token_unreadable(token: bytes) -> None:
    (certificate,) = certificate_bytes(token, 1)
    damaged = token.replace(certificate, certificate.replace(b"\x02\x01\x02", b"\x02\x01\x07", 1))
    report, codes = check(damaged, None)
    assert codes == ["timestamp.unreadable"]
    assert "contains a certificate that cannot be read" in (report.reason or "")


def test_too_many_certificates_are_refused(tmp_path: Path) -> None:
    extra = [certify(f"Extra {number}", None) for number in range(33)]
    (tmp_path / "extra.pem").write_bytes(b"".join(one.pem for one in extra))
    signer = certify("Signer", None, wish=Wish())
    options = ("-md", "sha256", "-certfile", str(tmp_path / "extra.pem"))
    report, _ = check(sign_token(tmp_path, tst_info(SIGNATURE), signer, *options), None)
    assert "34 certificates (at most 32)" in (report.reason or "")


def test_an_authority_without_a_common_name_has_its_full_name_in_the_report(tmp_path: Path) -> None:
    key = certify("Signer", None, wish=Wish()).key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Authority of Time")])
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), 5)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    signer = Identity(key, builder.sign(key, hashes.SHA256()))
    report, _ = check(sign_token(tmp_path, tst_info(SIGNATURE), signer), roots_of(signer))
    assert (report.authority, report.proved_at) == ("O=Authority of Time", STAMPED_AT)


USAGE = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=True, data_encipherment=False,
    key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
)  # fmt: skip
UNKNOWN_EXTENSION = x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        (Wish(purposes=None), "is not an authority that may issue"),
        (replace(AUTHORITY, usage=USAGE), "may not sign certificates"),
        (replace(AUTHORITY, more=((UNKNOWN_EXTENSION, True),)), "has unknown critical extensions: 1.2.3.4.5"),
        (replace(AUTHORITY, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]), "may not issue certificates for"),
        (replace(AUTHORITY, end=datetime(2021, 1, 1, tzinfo=UTC)), "to 2021-01-01 00:00 UTC"),
    ],
)
def test_an_intermediate_that_may_not_issue_breaks_the_path(
    tmp_path: Path, between: Wish, reason: str
) -> None:
    root = certify("Root", None)
    unfit = certify("Between", root, wish=between)
    tsa = make_timestamp_authority(tmp_path / "tsa", root=root, between=[unfit], sends=[unfit])
    report, codes = check(tsa.stamp(SIGNATURE), roots_of(root))
    assert codes == ["timestamp.untrusted"]
    assert reason in (report.reason or "")


def test_a_path_longer_than_an_authority_allows_is_refused(tmp_path: Path) -> None:
    root = certify("Root", None, wish=replace(AUTHORITY, path_length=0))
    between = certify("Between", root, wish=AUTHORITY)
    tsa = make_timestamp_authority(tmp_path / "tsa", root=root, between=[between], sends=[between])
    report, _ = check(tsa.stamp(SIGNATURE), roots_of(root))
    assert report.reason == "the path has more authorities below 'Root' than it allows"


def test_the_search_ends_for_certificates_that_issue_each_other(tmp_path: Path) -> None:
    ring = [certify("Ring", None, wish=AUTHORITY) for _ in range(MAX_PATH)]
    crossed = [certify("Ring", one, wish=AUTHORITY) for one in ring]
    tsa = make_timestamp_authority(
        tmp_path / "tsa", root=certify("Far away", None), between=[crossed[0]], sends=[*ring, *crossed]
    )
    assert check(tsa.stamp(SIGNATURE), roots_of(certify("Ring", None)))[1] == ["timestamp.untrusted"]


def test_weak_digests_and_keys_prove_no_time(tmp_path: Path) -> None:
    weak_imprint = make_timestamp_authority(tmp_path / "sha1")
    report, codes = check(weak_imprint.stamp(SIGNATURE, digest="sha1"), roots_of(weak_imprint))
    assert (report.proved_at, codes, report.reason) == (None, ["timestamp.weak"], "it uses SHA-1")
    weak_digest = make_timestamp_authority(tmp_path / "digest", settings="signer_digest = sha1")
    assert check(weak_digest.stamp(SIGNATURE), roots_of(weak_digest))[1] == ["timestamp.weak"]
    weak_key = make_timestamp_authority(tmp_path / "key", "rsa1024")
    report, codes = check(weak_key.stamp(SIGNATURE), roots_of(weak_key))
    assert codes == ["timestamp.weak"]
    assert report.reason == "it was signed with an RSA key of 1024 bits (2048 to 16384 are accepted)"
    weak_root = certify("Weak root", None, "rsa1024")
    under_it = make_timestamp_authority(tmp_path / "root", root=weak_root)
    report, codes = check(under_it.stamp(SIGNATURE), roots_of(weak_root))
    assert codes == ["timestamp.untrusted"]
    assert "'Weak root' has an RSA key of 1024 bits" in (report.reason or "")


def test_a_time_in_the_future_is_not_proved(authority: TimestampAuthority, token: bytes) -> None:
    report, codes = check(token, roots_of(authority), now=STAMPED_AT - timedelta(hours=1))
    assert (report.at, report.proved_at, codes) == (STAMPED_AT, None, ["timestamp.in-the-future"])
    small_skew = check(token, roots_of(authority), now=STAMPED_AT - timedelta(minutes=4))
    assert small_skew[0].proved_at == STAMPED_AT


def test_a_token_without_the_signer_certificate_is_unsupported(
    authority: TimestampAuthority, tmp_path: Path
) -> None:
    query = query_for(tmp_path, SIGNATURE)
    without = run("openssl", "ts", "-query", "-data", str(tmp_path / "stamped"), "-sha512").stdout
    assert without != query
    report, codes = check(authority.reply(without), roots_of(authority))
    assert codes == ["timestamp.unsupported"]
    assert "request it (certReq)" in (report.reason or "")


def test_a_refusal_of_the_authority_is_reported_with_its_reason(tmp_path: Path) -> None:
    narrow = make_timestamp_authority(tmp_path / "narrow", settings="digests = sha256")
    with pytest.raises(RejectedError, match="rejected: it does not know the digest algorithm"):
        TimestampToken.parse(narrow.stamp(SIGNATURE), "the answer")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:100],
        lambda data: data + b"\0",
        lambda _: b"",
        lambda _: b"<!DOCTYPE html><html><body>Welcome</body></html>",
        lambda data: b"\x30\x80" + data + b"\0\0",
        lambda data: data.ljust(MAX_TIMESTAMP_BYTES + 1, b"\0"),
    ],
)
def test_a_cut_padded_or_oversized_file_is_unreadable(
    authority: TimestampAuthority, token: bytes, damage: Callable[[bytes], bytes]
) -> None:
    report, codes = check(damage(token), roots_of(authority))
    assert (report.at, codes) == (None, ["timestamp.unreadable"])


def test_attack_time_in_a_token_moved_is_found(authority: TimestampAuthority, token: bytes) -> None:
    moved = token.replace(b"20261122120000Z", b"20161122120000Z")
    assert moved != token
    report, codes = check(moved, roots_of(authority))
    assert (report.at, report.proved_at, codes) == (None, None, ["timestamp.broken"])
    assert report.reason == "its content was changed after it was signed"


def test_attack_certificate_replaced_by_one_with_the_same_name_and_serial_is_found(
    tmp_path: Path,
) -> None:
    tsa = make_timestamp_authority(tmp_path / "tsa")
    token = tsa.stamp(SIGNATURE)
    old = tsa.signer.certificate
    longer = (
        x509.CertificateBuilder(
            issuer_name=old.issuer, subject_name=old.subject, public_key=old.public_key(),
            serial_number=old.serial_number, not_valid_before=old.not_valid_before_utc,
            not_valid_after=old.not_valid_after_utc, extensions=list(old.extensions),
        )
    )  # fmt: skip
    another = longer.sign(tsa.root.key, hashes.SHA512()).public_bytes(Encoding.DER)
    bare = TimestampToken.parse(token, "reply").raw
    outer = read_der(bare, "token").children()
    parts = [der(e.tag, another) if e.tag == context(0) else e.raw for e in outer[1].children()[0].children()]
    forged = der(SEQUENCE, outer[0].raw, der(context(0), der(SEQUENCE, *parts)))
    report, codes = check(forged, roots_of(tsa))
    assert codes == ["timestamp.broken"]
    assert report.reason == "its signed attributes do not identify the certificate in it"


def test_a_certificate_with_a_negative_serial_number_gives_no_warning_and_proves_no_time(
    authority: TimestampAuthority, token: bytes
) -> None:
    number = authority.signer.certificate.serial_number
    changed = bytearray(token)
    changed[token.index(number.to_bytes(number.bit_length() // 8 + 1, "big"))] ^= 0x80
    report, _ = check(bytes(changed), roots_of(authority))
    assert report.proved_at is None


def with_name_as_bits(data: bytes) -> bytes:
    """Return certificates in DER with the authority's common name as a BIT STRING."""
    common_name = der_oid("2.5.4.3")
    name = b"Test timestamps"
    changed = data.replace(
        common_name + der(UTF8_STRING, name), common_name + der(BIT_STRING, b"\0" + name[1:])
    )
    assert changed != data
    return changed


def test_a_timestamp_whose_certificate_has_a_bit_string_as_name_is_unreadable(
    token: bytes, authority: TimestampAuthority
) -> None:
    report, codes = check(with_name_as_bits(token), roots_of(authority))
    assert (report.at, codes) == (None, ["timestamp.unreadable"])
    assert "a name in it has a value of a wrong type" in (report.reason or "")


def test_a_file_of_certificates_with_a_bit_string_as_name_is_refused(authority: TimestampAuthority) -> None:
    identity = authority.signer
    damaged = with_name_as_bits(identity.certificate.public_bytes(Encoding.DER))
    pem = ssl.DER_cert_to_PEM_cert(damaged).encode()
    for read in (
        lambda: Authorities.parse(pem, "roots.pem"),
        lambda: load_cms_signer((identity.key_pem, "key.pem"), (pem, "cert.pem"), None),
    ):
        with pytest.raises(InputError, match="a name in it has a value of a wrong type"):
            read()


def test_a_certificate_with_a_tls_feature_of_an_unknown_number_is_refused() -> None:
    feature = x509.TLSFeature([x509.TLSFeatureType.status_request])
    made = certify("Server", certify("Root", None), wish=Wish(more=((feature, False),)))
    data = made.certificate.public_bytes(Encoding.DER).replace(
        b"\x30\x03\x02\x01\x05", b"\x30\x03\x02\x01\x63"
    )
    with pytest.raises(InputError, match="an extension has an unknown value: 99"):
        load_certificate(data, "cert.der")


@settings(max_examples=examples(300), deadline=None)
@given(data=st.data())
def test_a_mutated_token_proves_no_other_time_and_raises_nothing(
    authority: TimestampAuthority, token: bytes, data: st.DataObject
) -> None:
    changed = bytearray(token)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "insert"]))
        if kind == "flip":
            changed[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del changed[at : at + data.draw(st.integers(1, 40))]
        else:
            changed[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        if not changed:
            break
    report, _ = check(bytes(changed), roots_of(authority))
    # unsigned parts (a status text, unsigned attributes) can change, the time cannot
    assert report.proved_at in (None, STAMPED_AT)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused_with_an_input_error(data: bytes) -> None:
    for head in (b"", b"\x30", der(SEQUENCE, der_oid(TST_INFO)), der(SET)):
        with pytest.raises(InputError):
            TimestampToken.parse(head + data, "noise")


def test_more_than_one_signer_is_refused(token: bytes) -> None:
    bare = TimestampToken.parse(token, "reply").raw
    outer = read_der(bare, "token").children()
    parts = [
        der(SET, e.content * 2) if e.tag == SET and i == 4 else e.raw
        for i, e in enumerate(outer[1].children()[0].children())
    ]
    doubled = der(SEQUENCE, outer[0].raw, der(context(0), der(SEQUENCE, *parts)))
    with pytest.raises(InputError, match="2 signers"):
        parse_signed_data(read_der(doubled, "doubled"))
