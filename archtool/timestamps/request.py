"""Formats requests for timestamps and checks the authority's answers against them.

Source: RFC 3161 §2.4.1 (the request), §2.4.2 (what is to be checked in the answer).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from archtool.errors import InputError
from archtool.findings import Severity
from archtool.timestamps.certificates import Authorities
from archtool.timestamps.der import BOOLEAN, OCTET_STRING, SEQUENCE, der, der_integer, der_oid
from archtool.timestamps.key_signature import DIGEST_OIDS
from archtool.timestamps.report import TimestampReport
from archtool.timestamps.timestamp_check import check_token
from archtool.timestamps.token import TimestampToken

NONCE_BITS = 64  # the usual length; some authorities refuse longer ones
DEFAULT_DIGEST = "sha512"


@dataclass(frozen=True, slots=True)
class TimestampQuery:
    """A request for a timestamp over bytes."""

    stamped: bytes
    nonce: int | None
    """A new random number that the answer must repeat; `None` for a request without one."""
    digest: str = DEFAULT_DIGEST

    def format(self) -> bytes:
        """Return the request in DER; it asks for the authority's certificates."""
        algorithm = der(SEQUENCE, der_oid(DIGEST_OIDS[self.digest]), b"\x05\x00")
        imprint = hashlib.new(self.digest, self.stamped).digest()
        nonce = () if self.nonce is None else (der_integer(self.nonce),)
        return der(
            SEQUENCE,
            der_integer(1),
            der(SEQUENCE, algorithm, der(OCTET_STRING, imprint)),
            *nonce,
            der(BOOLEAN, b"\xff"),
        )

    def check(
        self, answer: bytes, where: str, authorities: Authorities | None, now: datetime
    ) -> TimestampReport:
        """Check that an answer is a timestamp over the bytes of this request, with its nonce.

        With `authorities`, it must lead to one of their roots; without them, its signature must still verify.

        Raises:
            InputError: the answer fails a check; the message names the reason.
        """
        token = TimestampToken.parse(answer, where)
        if self.nonce is not None and token.nonce != self.nonce:
            raise InputError(f"{where} is the answer to another request: its nonce differs")
        report, findings = check_token(where, token, self.stamped, authorities, now)
        bad = [f for f in findings if f.severity is not Severity.NOTE]
        if bad:
            raise InputError(bad[0].message, hint=bad[0].hint)
        return report
