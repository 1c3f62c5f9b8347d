"""Certificate paths of timestamp authorities that web browsers would not accept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from archtool.errors import InputError
from archtool.timestamps.certificates import Authorities, NoPathError

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AN_HOUR_AFTER_THE_END = datetime(2040, 1, 1, 1, tzinfo=UTC)
IssuerKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
POLICIES = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("1.2.3.4"), None)])


def issue(
    name: str,
    key: IssuerKey,
    issuer: tuple[x509.Certificate, IssuerKey] | None,
    digest: hashes.HashAlgorithm | None,
    *more: x509.ExtensionType,
) -> x509.Certificate:
    """Return a certificate, self-issued if there is no issuer, with additional critical extensions."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = key if issuer is None else issuer[1]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    for extension in more:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(by, digest if isinstance(by, ec.EllipticCurvePrivateKey) else None)


def path_length(
    key: IssuerKey, *more: x509.ExtensionType, digest: hashes.HashAlgorithm | None = None, at: datetime = AT
) -> int:
    digest = digest or hashes.SHA256()
    root = issue("Root", key, None, digest)
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    signer_key = ec.generate_private_key(ec.SECP256R1())
    signer = issue("Signer", signer_key, (root, key), digest, purposes, *more)
    return len(Authorities("roots.pem", (root,), ()).find_path(signer, (), at))


@pytest.mark.parametrize(
    "key",
    [
        ed25519.Ed25519PrivateKey.generate(),
        ed448.Ed448PrivateKey.generate(),
        ec.generate_private_key(ec.SECP521R1()),
        ec.generate_private_key(ec.BrainpoolP256R1()),
        ec.generate_private_key(ec.BrainpoolP384R1()),
        ec.generate_private_key(ec.BrainpoolP512R1()),
    ],
    ids=["ed25519", "ed448", "p521", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"],
)
def test_a_root_with_a_key_type_that_browsers_refuse_is_accepted(key: IssuerKey) -> None:
    assert path_length(key) == 2
    with pytest.raises(NoPathError, match="was valid only from 2020-01-01 00:00 to 2040-01-01 00:00 UTC"):
        path_length(key, at=AN_HOUR_AFTER_THE_END)


def test_a_signature_with_sha_3_and_critical_policies_is_accepted() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert path_length(key, POLICIES, digest=hashes.SHA3_256()) == 2
    with pytest.raises(NoPathError, match="'Signer' was signed with sha224, which is too weak"):
        path_length(key, POLICIES, digest=hashes.SHA224())


def test_a_damaged_certificate_is_refused_with_the_name_of_its_file() -> None:
    text = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(InputError, match=r"roots\.pem contains no readable certificates"):
        Authorities.parse(text, "roots.pem")
