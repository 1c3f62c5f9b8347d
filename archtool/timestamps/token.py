"""Timestamps of RFC 3161: what an authority answers, taken apart; nothing is verified by parsing.

Two forms are read: the whole answer (TimeStampResp), as `openssl ts` stores it, and the token alone.

Source: RFC 3161 §2.4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archtool.errors import InputError
from archtool.timestamps.cms import SignedData, parse_signed_data
from archtool.timestamps.der import (
    BIT_STRING,
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    OID,
    SEQUENCE,
    DerElement,
    context,
    read_der,
)

MAX_TIMESTAMP_BYTES = 256 * 1024  # with all certificates 10 kB; with revocation lists some hundred
TST_INFO = "1.2.840.113549.1.9.16.1.4"
_GRANTED = (0, 1)  # 1: granted, with changes to what was asked for
_STATUS = {2: "rejected", 3: "waiting", 4: "revocation is near", 5: "revoked"}
_FAILURES = {
    0: "it does not know the digest algorithm",
    2: "it does not take this kind of request",
    5: "it found the request damaged",
    14: "its clock cannot be used at the moment",
    15: "it does not have the policy that was asked for",
    16: "it does not know an extension of the request",
    17: "it cannot add what was asked for",
    25: "its system failed",
}  # RFC 3161 §2.4.2, PKIFailureInfo
MAX_SHOWN_CHARS = 300


class RejectedError(InputError):
    """The authority answered, and gave no timestamp."""


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """What a token says: these bytes, known by their digest, were there at this time."""

    where: str
    """What was read, for messages."""
    raw: bytes
    """The token alone, as it stood: a ContentInfo of CMS."""
    policy: str
    """The rules of the authority that it was made under, as an object identifier."""
    digest_oid: str
    imprint: bytes
    """The digest of the stamped bytes."""
    at: datetime
    """Aware UTC: the authority's time, `genTime`."""
    nonce: int | None
    signed: SignedData

    @classmethod
    def parse(cls, data: bytes, where: str) -> TimestampToken:
        """Read a token, or the answer that holds one.

        Raises:
            RejectedError: the answer holds none, for the authority refused.
            InputError: too large, damaged, or something else.
        """
        if len(data) > MAX_TIMESTAMP_BYTES:
            raise InputError(
                f"{where} is too large for a timestamp: {len(data):,} bytes, at most {MAX_TIMESTAMP_BYTES:,}"
            )
        if data[:1] != bytes((SEQUENCE,)):
            raise InputError(f"{where} is no timestamp: it does not even begin like one")
        outer = read_der(data, where)
        inside = outer.children()
        token = outer if inside and inside[0].tag == OID else _granted(outer)
        signed = parse_signed_data(token)
        if signed.content_type != TST_INFO:
            raise outer.refuse("what is signed in it is no timestamp")
        return cls._of_info(read_der(signed.content, where), token.raw, signed)

    @classmethod
    def _of_info(cls, info: DerElement, raw: bytes, signed: SignedData) -> TimestampToken:
        fields = info.fields()
        version = fields.take().integer()
        if version != 1:
            raise info.refuse(f"version {version} of timestamps; only 1 is known")
        policy = fields.take().oid()
        imprint = fields.take(SEQUENCE).fields()
        digest_oid, digest = imprint.take(SEQUENCE).fields().take().oid(), imprint.take().octets()
        imprint.end()
        fields.take().integer()  # the token's own number
        at = fields.take(GENERALIZED_TIME).time()
        fields.maybe(SEQUENCE)  # accuracy
        fields.maybe(BOOLEAN)  # whether the authority's tokens can be ordered
        nonce = fields.maybe(INTEGER)
        fields.maybe(context(0))  # the authority's name: its certificate is what counts
        extensions = fields.maybe(context(1))
        fields.end()
        _refuse_critical(extensions.children() if extensions is not None else ())
        return cls(
            info.where,
            raw,
            policy,
            digest_oid,
            digest,
            at,
            None if nonce is None else nonce.integer(),
            signed,
        )


def _refuse_critical(extensions: Sequence[DerElement]) -> None:
    """None is known here: what may be passed over is, what may not makes the token unusable."""
    for extension in extensions:
        fields = extension.fields()
        name, critical = fields.take().oid(), fields.maybe(BOOLEAN)
        if critical is not None and critical.content != b"\0":
            raise extension.refuse(f"it demands an extension that is not known here: {name}")


def _granted(answer: DerElement) -> DerElement:
    """The token in an answer."""
    fields = answer.fields()
    status = fields.take(SEQUENCE).fields()
    number, texts, failure = status.take().integer(), status.maybe(SEQUENCE), status.maybe(BIT_STRING)
    token = fields.maybe(SEQUENCE)
    fields.end()
    if number in _GRANTED and token is not None:
        return token
    said = [_STATUS.get(number, f"status {number}"), *_failures(failure)]
    if texts is not None:
        said.append("; ".join(text.text() for text in texts.children()))
    raise RejectedError(f"{answer.where} holds a refusal: {': '.join(said)[:MAX_SHOWN_CHARS]}")


def _failures(bits: DerElement | None) -> list[str]:
    content = bits.content[1:5] if bits is not None else b""
    number = int.from_bytes(content.ljust(4, b"\0"), "big")
    return [why for bit, why in _FAILURES.items() if number >> (31 - bit) & 1]
