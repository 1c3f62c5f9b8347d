"""Asking for a timestamp: what is sent to an authority, and whether the answer is one to that question.

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
from archtool.timestamps.timestamp_check import judge_token
from archtool.timestamps.token import TimestampToken

NONCE_BITS = 64  # what others send; some authorities take no more
DEFAULT_DIGEST = "sha512"


@dataclass(frozen=True, slots=True)
class TimestampQuestion:
    """What shall be stamped, and how it is asked for."""

    stamped: bytes
    nonce: int | None
    """A number that nobody has used before: the answer must repeat it. `None` where none is remembered."""
    digest: str = DEFAULT_DIGEST

    def format(self) -> bytes:
        """The request in DER; the authority's certificates are asked for."""
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
        """Make sure that the answer is a timestamp of these bytes, asked for just now.

        With `authorities` one of them must vouch for it; without, its signature must hold all the same.

        Raises:
            InputError: it is not; what is wrong with it is said.
        """
        token = TimestampToken.parse(answer, where)
        if self.nonce is not None and token.nonce != self.nonce:
            raise InputError(f"{where} is the answer to another request: its nonce differs")
        report, findings = judge_token(where, token, self.stamped, authorities, now)
        bad = [f for f in findings if f.severity is not Severity.NOTE]
        if bad:
            raise InputError(bad[0].message, hint=bad[0].hint)
        return report
