"""Tokens that no real authority would make: signed by a certificate that is not fit for it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from archtool.trust.der import (
    GENERALIZED_TIME,
    OCTET_STRING,
    SEQUENCE,
    SET,
    context,
    der,
    der_integer,
    der_oid,
)
from timestamping import POLICY, Identity

_SHA256 = der(SEQUENCE, der_oid("2.16.840.1.101.3.4.2.1"))
_TST_INFO = der_oid("1.2.840.113549.1.9.16.1.4")


def make_token(stamped: bytes, signer: Identity, at: datetime) -> bytes:
    """A token over the SHA-256 of these bytes."""
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    certificate = signer.certificate.public_bytes(Encoding.DER)
    imprint = der(SEQUENCE, _SHA256, der(OCTET_STRING, hashlib.sha256(stamped).digest()))
    info = der(
        SEQUENCE, der_integer(1), der_oid(POLICY), imprint, der_integer(7),
        der(GENERALIZED_TIME, f"{at:%Y%m%d%H%M%S}Z".encode()),
    )  # fmt: skip
    named = der(
        SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTET_STRING, hashlib.sha256(certificate).digest())))
    )
    attributes = sorted(
        der(SEQUENCE, der_oid(name), der(SET, value))
        for name, value in {
            "1.2.840.113549.1.9.3": _TST_INFO,
            "1.2.840.113549.1.9.4": der(OCTET_STRING, hashlib.sha256(info).digest()),
            "1.2.840.113549.1.9.16.2.47": named,
        }.items()
    )
    signature = signer.key.sign(der(SET, *attributes), ec.ECDSA(hashes.SHA256()))
    issuer = der(
        SEQUENCE, signer.certificate.issuer.public_bytes(), der_integer(signer.certificate.serial_number)
    )
    entry = der(
        SEQUENCE, der_integer(1), issuer, _SHA256, der(context(0), *attributes),
        der(SEQUENCE, der_oid("1.2.840.10045.4.3.2")), der(OCTET_STRING, signature),
    )  # fmt: skip
    signed = der(
        SEQUENCE, der_integer(3), der(SET, _SHA256),
        der(SEQUENCE, _TST_INFO, der(context(0), der(OCTET_STRING, info))),
        der(context(0), certificate), der(SET, entry),
    )  # fmt: skip
    return der(SEQUENCE, der_oid("1.2.840.113549.1.7.2"), der(context(0), signed))
