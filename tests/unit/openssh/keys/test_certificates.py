"""SSH certificates: strict parsing, and trust only through a line for their authority."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.attestations.report import TrustReport, TrustVerdict
from archtool.errors import InputError
from archtool.exit_codes import ExitCode
from archtool.findings import exit_code_of
from archtool.openssh.keys.public_key import PublicKey, is_known_type
from archtool.openssh.limits import MAX_CERTIFICATE_BYTES, MAX_OPTIONS, MAX_PRINCIPALS
from archtool.openssh.sshsig import NAMESPACE, sign
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import Revocation, RevokedItem, RevokedKeys
from archtool.openssh.trust_files.signer_match import SignerVerdict
from archtool.openssh.wire import pack_mpint, pack_string
from unit.attestations.trust_builders import (
    ARCHIVIST,
    CURATOR,
    LIST,
    NOW,
    SIGNATURE,
    STRANGER,
    Package,
    codes,
    fixed_key,
    make_package,
    signer_line,
)
from unit.openssh.certificate_builder import (
    Certified,
    Draft,
    about_authority,
    certified,
    draft,
    krl,
    pack_options,
    pack_strings,
    pack_uint64,
)

AUTHORITY = fixed_key("authority").public


def trusting(
    principals: str = "*@example.org", options: str = "", authority: str = "authority"
) -> AllowedSigners:
    """Return a list that trusts an authority for these people."""
    flags = ",".join(part for part in ("cert-authority", options) if part)
    line = fixed_key(authority).public.format_public_line()
    return AllowedSigners.parse(f"{principals} {flags} {line}", "allowed_signers")


def signed_with(**changes: object) -> Package:
    """Return a package whose archivist signed with a certificate instead of the plain key."""
    package = make_package().attest()
    signature = sign(package.files[LIST], certified(**changes))
    package.files[SIGNATURE] = signature.encode()
    return package


def verify(allowed: AllowedSigners | None = None, at: datetime = NOW, **changes: object) -> TrustReport:
    return signed_with(**changes).verify(trusting() if allowed is None else allowed, at=at)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def test_a_certificate_is_trusted_by_the_line_of_its_authority_and_reported() -> None:
    report = verify()
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, [])
    signature = report.attestations[0].signatures[0]
    assert (signature.trusted_by, signature.principals) == ("allowed_signers:1", (ARCHIVIST,))
    assert signature.names == (ARCHIVIST,)
    certificate = signature.certificate
    assert certificate is not None
    assert (certificate.key_id, certificate.serial) == ("the archivist", 5)
    assert certificate.authority == AUTHORITY.fingerprint
    assert signature.fingerprint == fixed_key(ARCHIVIST).public.fingerprint
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes


def test_a_signature_with_a_certificate_counts_as_one_by_the_plain_key_in_the_statement() -> None:
    """Otherwise `attestation.signature-missing` would break every such package."""
    assert "attestation.signature-missing" not in codes(verify())
    another = verify(name=CURATOR)
    assert (another.verdict, codes(another)) == (TrustVerdict.BROKEN, ["attestation.signature-missing"])


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"valid_before": seconds(NOW)}, "trust.certificate-expired", "certificate expired at 2026-11-22T12"),
        ({"valid_after": seconds(NOW) + 1}, "trust.certificate-not-yet-valid", "before 2026-11-22T12:00:01"),
        ({"valid_after": 2**64 - 2}, "trust.certificate-not-yet-valid", "not valid before 9999-12-31"),
        ({"valid_before": 0}, "trust.certificate-expired", "certificate expired at 1970-01-01"),
        ({"principals": b""}, "trust.certificate-wrong-principal", "names no principal"),
        ({"principals": pack_strings([b""])}, "trust.certificate-wrong-principal", "names no principal"),
        (
            {"principals": pack_strings([STRANGER.encode()])},
            "trust.certificate-wrong-principal",
            r"is for stranger@example.net, but its authority may certify only \*@example.org",
        ),
        ({"kind": 2}, "trust.certificate-of-host", r"for a host \(archivist@example.org\)"),
        ({"authority": "another"}, "trust.authority-unknown", "does not list SHA256:.* as a cert-authority"),
        (
            {"critical": pack_options({"force-command": pack_string(b"ls")})},
            "trust.certificate-option-unknown",
            "has critical options that archtool cannot enforce: 'force-command'",
        ),
        (
            {"critical": pack_options({"only@example.org": b""})},
            "trust.certificate-option-unknown",
            "'only@example.org'",
        ),
        (
            {"critical": pack_options({"verify-required": b""})},
            "trust.certificate-user-not-verified",
            "requires a token that verified its user",
        ),
    ],
)  # fmt: skip
def test_each_reason_why_a_certificate_is_not_accepted_has_a_separate_code_and_message(
    changes: dict[str, object], code: str, words: str
) -> None:
    report = verify(**changes)
    assert (report.verdict, codes(report)) == (TrustVerdict.UNTRUSTED, [code, "trust.not-trusted"])
    assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED
    assert re.search(words, report.findings[0].message)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ('namespaces="git"', "trust.wrong-namespace"),
        ('valid-after="20270101Z"', "trust.key-not-yet-valid"),
        ('valid-before="20260101Z"', "trust.key-expired"),
    ],
)
def test_the_options_of_an_authority_line_apply_to_its_certificates(options: str, code: str) -> None:
    assert codes(verify(trusting(options=options))) == [code, "trust.not-trusted"]


def test_a_certificate_is_valid_in_its_first_second_and_not_in_its_last() -> None:
    window = {"valid_after": seconds(NOW), "valid_before": seconds(NOW) + 10}
    for at, verdict in ((-1, "untrusted"), (0, "trusted"), (9, "trusted"), (10, "untrusted")):
        moment = NOW + timedelta(seconds=at, microseconds=999_999)
        assert verify(at=moment, **window).verdict is TrustVerdict(verdict)


def test_any_line_of_an_authority_can_trust_and_the_closest_one_gives_the_reason() -> None:
    line = AUTHORITY.format_public_line()
    text = f'*@example.net cert-authority {line}*@example.org cert-authority,namespaces="git" {line}'
    refusing = AllowedSigners.parse(text, "signers")
    assert codes(verify(refusing))[0] == "trust.wrong-namespace"
    both = AllowedSigners.parse(text + f"{ARCHIVIST} cert-authority {line}", "signers")
    assert verify(both).attestations[0].signatures[0].trusted_by == "signers:3"


def test_a_line_for_the_plain_key_does_not_trust_its_certificate_and_the_message_says_so() -> None:
    """As in `ssh-keygen`: to trust a key with and without a certificate, a list needs two lines."""
    report = verify(AllowedSigners.parse(signer_line(ARCHIVIST), "signers"))
    assert codes(report) == ["trust.authority-unknown", "trust.not-trusted"]
    assert (
        "line for the key itself applies only to signatures without a certificate"
        in report.findings[0].message
    )


def test_an_authority_line_with_a_certificate_stands_for_the_key_in_it() -> None:
    own = draft("authority", "root").public().format_public_line()
    assert verify(AllowedSigners.parse(f"* cert-authority {own}", "signers")).verdict is TrustVerdict.TRUSTED


def test_a_statement_that_names_another_person_than_the_certificate_is_reported() -> None:
    report = verify(principals=pack_strings([CURATOR.encode()]))
    assert (report.verdict, codes(report)) == (TrustVerdict.TRUSTED, ["trust.principal-differs"])
    assert report.attestations[0].signatures[0].names == (CURATOR,)


def test_a_name_in_a_certificate_is_not_a_pattern() -> None:
    wildcard = certified(principals=pack_strings([b"*"])).public
    match = trusting("*").find(wildcard, NAMESPACE, NOW, ARCHIVIST)
    assert (match.verdict, match.principals) == (SignerVerdict.NOT_CERTIFIED, ("*",))
    assert "is for *, not for archivist@example.org" in match.reason


def test_a_name_in_a_certificate_that_is_not_utf8_is_compared_byte_by_byte() -> None:
    latin1 = certified(principals=pack_strings([b"jos\xe9"]), key_id=b"\xff").public
    assert (
        trusting("*").find(latin1, NAMESPACE, NOW, b"jos\xe9".decode("utf-8", "surrogateescape")).is_trusted
    )
    assert not trusting("*").find(latin1, NAMESPACE, NOW, "josé").is_trusted


def test_a_certificate_that_its_authority_has_not_signed_breaks_the_signature() -> None:
    blob = bytearray(draft().blob())
    blob[blob.index(b"the archivist")] ^= 1
    package = make_package().attest()
    key = fixed_key(ARCHIVIST)
    forged = Certified(key, PublicKey.from_blob(bytes(blob)))
    package.files[SIGNATURE] = sign(package.files[LIST], forged).encode()
    for allowed in (trusting(), None):
        report = package.verify(allowed)
        assert report.verdict is TrustVerdict.BROKEN
        assert codes(report)[0] == "signature.certificate-broken"
        assert not report.attestations[0].signatures[0].is_good
        assert exit_code_of(report.findings) is ExitCode.PROBLEMS_FOUND


def test_a_key_cannot_use_the_certificate_of_another() -> None:
    stolen = Certified(fixed_key(STRANGER), certified().public)
    package = make_package().attest()
    package.files[SIGNATURE] = sign(package.files[LIST], stolen).encode()
    assert codes(package.verify(trusting()))[0] == "signature.broken"


def test_without_a_list_of_signers_a_certificate_is_parsed_and_no_finding_is_reported() -> None:
    report = signed_with().verify()
    assert (report.verdict, codes(report)) == (TrustVerdict.NOT_ASKED, [])
    assert report.attestations[0].signatures[0].certificate is not None


def rsa_authority(bits: int, signature_name: bytes) -> object:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    numbers = private.public_key().public_numbers()
    digests = {b"ssh-rsa": hashes.SHA1(), b"rsa-sha2-256": hashes.SHA256(), b"rsa-sha2-512": hashes.SHA512()}  # noqa: S303

    class Authority:
        public = PublicKey.from_blob(pack_string(b"ssh-rsa") + pack_mpint(numbers.e) + pack_mpint(numbers.n))

        def sign_raw(self, data: bytes) -> bytes:
            body = private.sign(data, padding.PKCS1v15(), digests[signature_name])
            return pack_string(signature_name) + pack_string(body)

    return Authority()


@pytest.mark.parametrize(
    ("bits", "name", "expected"),
    [
        (2048, b"rsa-sha2-256", []),
        (2048, b"rsa-sha2-512", []),
        (2048, b"ssh-rsa", ["trust.certificate-weak", "trust.not-trusted"]),
        (1024, b"rsa-sha2-512", ["trust.certificate-weak", "trust.not-trusted"]),
    ],
)
def test_an_authority_that_signs_with_sha1_or_a_short_key_is_too_weak(
    bits: int, name: bytes, expected: list[str]
) -> None:
    authority = rsa_authority(bits, name)
    blob = Draft(fixed_key(ARCHIVIST).public, authority).blob()
    package = make_package().attest()
    signer = Certified(fixed_key(ARCHIVIST), PublicKey.from_blob(blob))
    package.files[SIGNATURE] = sign(package.files[LIST], signer).encode()
    allowed = AllowedSigners.parse(f"* cert-authority {authority.public.format_public_line()}", "signers")
    assert codes(package.verify(allowed)) == expected


def test_an_authority_key_of_unknown_type_is_unsupported_not_broken() -> None:
    class Future:
        public = PublicKey.from_blob(pack_string(b"ssh-future") + b"anything")

        def sign_raw(self, data: bytes) -> bytes:
            return data[:8]

    blob = Draft(fixed_key(ARCHIVIST).public, Future()).blob()
    package = make_package().attest()
    signer = Certified(fixed_key(ARCHIVIST), PublicKey.from_blob(blob))
    package.files[SIGNATURE] = sign(package.files[LIST], signer).encode()
    assert codes(package.verify(trusting())) == ["trust.certificate-unsupported", "trust.not-trusted"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": 3}, "for a user .1. or a host .2., not 3"),
        ({"after": b"x"}, "1 bytes after its end"),
        ({"key_id": b"a\0b"}, "contains a zero byte"),
        ({"principals": pack_strings([b"a\0b"])}, "contains a zero byte"),
        ({"principals": pack_strings([b"a" * 1025])}, "a principal of 1025 bytes .at most 1024"),
        ({"principals": b"\0\0\0\7abc"}, "principals.*cut short"),
        ({"principals": b"\xff\xff\xff\xff"}, "principals.*cut short"),
        ({"principals": pack_strings([b"a"] * (MAX_PRINCIPALS + 1))}, "more than 256 principals"),
        ({"critical": pack_string(b"name alone")}, "critical options.*cut short"),
        ({"critical": pack_options({"a": b""}) * 2}, "b'a' appears twice"),
        ({"extensions": pack_options({"a": b""}) * 2}, "b'a' appears twice"),
        ({"critical": pack_options({f"{n}": b"" for n in range(MAX_OPTIONS + 1)})}, "more than 256 options"),
        ({"reserved": b"x" * MAX_CERTIFICATE_BYTES}, "too large for a certificate"),
    ],
)  # fmt: skip
def test_a_malformed_certificate_is_refused_with_the_reason(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        PublicKey.from_blob(draft(**changes).blob(), where="the certificate")


def test_a_certificate_at_the_limits_is_accepted() -> None:
    many = pack_strings([b"a"] * (MAX_PRINCIPALS - 1) + [ARCHIVIST.encode()])
    options = pack_options({str(n): b"" for n in range(MAX_OPTIONS)})
    assert verify(principals=many, extensions=options).verdict is TrustVerdict.TRUSTED


def test_long_names_in_a_certificate_are_shortened_in_messages() -> None:
    many = pack_strings([b"a" * 1000] * 50)
    for changes in ({"kind": 2}, {"critical": pack_options({f"{n}" * 500: b"" for n in range(9)})}, {}):
        report = verify(trusting("b"), principals=many, **changes)
        assert len(report.findings[0].message) < 1000


def test_a_certificate_cannot_sign_certificates() -> None:
    middle = certified("middle", "authority")
    with pytest.raises(InputError, match="signed by another certificate"):
        Draft(fixed_key(ARCHIVIST).public, middle).public()


def test_extensions_and_the_reserved_field_are_ignored() -> None:
    unknown = pack_options({"what is that": b"\0\1", "permit-pty": b""})
    assert verify(extensions=unknown, reserved=b"later").verdict is TrustVerdict.TRUSTED


def test_certificate_types_are_recognised_by_name() -> None:
    assert is_known_type("sk-ssh-ed25519-cert-v01@openssh.com")
    assert is_known_type("ecdsa-sha2-nistp384-cert-v01@openssh.com")
    assert not is_known_type("ssh-future-cert-v01@openssh.com")


def is_trusted(signature: bytes, package: Package, allowed: AllowedSigners) -> bool:
    package.files[SIGNATURE] = signature
    return package.verify(allowed).verdict is TrustVerdict.TRUSTED


CERTIFICATE = draft().blob()


@given(st.integers(min_value=0, max_value=len(CERTIFICATE) - 1), st.integers(min_value=1, max_value=255))
def test_a_certificate_with_a_changed_byte_is_not_trusted(position: int, change: int) -> None:
    blob = bytearray(CERTIFICATE)
    blob[position] ^= change
    package = make_package().attest()
    changed = Certified(fixed_key(ARCHIVIST), PublicKey(bytes(blob)))
    signature = sign(package.files[LIST], changed).encode()
    assert not is_trusted(signature, package, trusting("*"))


def test_any_flipped_bit_of_a_certificate_makes_the_signature_untrusted() -> None:
    package = make_package().attest()
    for position in range(len(CERTIFICATE)):
        blob = bytearray(CERTIFICATE)
        blob[position] ^= 1
        changed = Certified(fixed_key(ARCHIVIST), PublicKey(bytes(blob)))
        assert not is_trusted(sign(package.files[LIST], changed).encode(), package, trusting("*")), position
    whole = Certified(fixed_key(ARCHIVIST), PublicKey(CERTIFICATE))
    assert is_trusted(sign(package.files[LIST], whole).encode(), package, trusting("*"))


@given(st.integers(min_value=0, max_value=len(CERTIFICATE) - 1))
def test_a_truncated_certificate_is_refused(size_bytes: int) -> None:
    with pytest.raises(InputError):
        PublicKey.from_blob(CERTIFICATE[:size_bytes], where="the certificate")


@given(st.binary(max_size=300))
def test_random_bytes_after_the_type_of_a_certificate_are_refused_with_an_input_error(rest: bytes) -> None:
    with pytest.raises(InputError):
        PublicKey.from_blob(pack_string(b"ssh-ed25519-cert-v01@openssh.com") + rest, where="the certificate")


def test_a_list_of_revoked_keys_applies_to_a_certified_key_and_to_its_authority() -> None:
    lines = {
        "trust.key-revoked": fixed_key(ARCHIVIST).public.format_public_line(),
        "trust.authority-revoked": AUTHORITY.fingerprint,
    }
    for code, line in lines.items():
        revoked = RevokedKeys.parse(f"# lost\n{line}\n".encode(), "revoked")
        report = signed_with().verify(trusting(), revoked)
        assert codes(report) == [code, "trust.not-trusted"]
        assert "revoked:2" in report.findings[0].message
        assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED


def test_a_certificate_in_a_plain_list_revokes_its_key() -> None:
    revoked = RevokedKeys.parse(draft().public().format_public_line().encode(), "revoked")
    for key in (fixed_key(ARCHIVIST).public, certified().public, certified(serial=6).public):
        assert revoked.find(key) == Revocation(RevokedItem.KEY, "revoked:1")
    assert revoked.find(fixed_key(CURATOR).public) is None


def test_a_revoked_key_is_reported_before_other_faults_of_its_certificate() -> None:
    revoked = RevokedKeys.parse(fixed_key(ARCHIVIST).public.fingerprint.encode(), "revoked")
    assert codes(signed_with(kind=2).verify(trusting(), revoked))[0] == "trust.key-revoked"
    without_list = signed_with(kind=2).verify(None, revoked)
    assert exit_code_of(without_list.findings) is ExitCode.NOT_TRUSTED


def test_a_certificate_revoked_by_its_serial_number_has_a_separate_code() -> None:
    listed = krl(about_authority(AUTHORITY.blob, (0x20, pack_uint64(5))))
    report = signed_with().verify(trusting(), RevokedKeys.parse(listed, "revoked.krl"))
    assert codes(report) == ["trust.certificate-revoked", "trust.not-trusted"]
    assert "the certificate is revoked (revoked.krl, serial 5)" in report.findings[0].message
    assert exit_code_of(report.findings) is ExitCode.NOT_TRUSTED


def test_the_dates_of_a_certificate_are_in_utc_and_none_if_unlimited() -> None:
    certificate = certified(valid_after=0, valid_before=2**64 - 1).public.certificate
    assert certificate is not None
    assert (certificate.valid_from, certificate.valid_until) == (None, None)
    narrow = certified(valid_after=1, valid_before=2**63).public.certificate
    assert narrow is not None
    assert narrow.valid_from == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert narrow.valid_until == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
