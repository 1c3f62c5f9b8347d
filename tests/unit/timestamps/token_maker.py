"""Makes tokens that `openssl ts` does not make: other algorithms, other contents, unfit certificates.

The tests write the content, and `openssl cms` signs it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from archtool.timestamps.der import (
    BOOLEAN,
    GENERALIZED_TIME,
    OCTET_STRING,
    OID,
    SEQUENCE,
    context,
    der,
    der_integer,
    der_oid,
)
from archtool.timestamps.token import TST_INFO
from timestamping import POLICY, STAMPED_AT, Identity, run

_SHA256 = der(SEQUENCE, der_oid("2.16.840.1.101.3.4.2.1"))


def tst_info(stamped: bytes, *more: bytes, at: datetime = STAMPED_AT, version: int = 1) -> bytes:
    """Return the content of a token over bytes; `more` are encoded fields after the time."""
    imprint = der(SEQUENCE, _SHA256, der(OCTET_STRING, hashlib.sha256(stamped).digest()))
    time = der(GENERALIZED_TIME, f"{at:%Y%m%d%H%M%S}Z".encode())
    return der(SEQUENCE, der_integer(version), der_oid(POLICY), imprint, der_integer(7), time, *more)


def extensions(oid: str, *, critical: bool) -> bytes:
    """Return the extensions field of a token, with one extension."""
    mark = (der(BOOLEAN, b"\xff"),) if critical else ()
    return der(context(1), der(SEQUENCE, der_oid(oid), *mark, der(OCTET_STRING, der(OID, b"\x2a"))))


def sign_token(
    folder: Path, info: bytes, signer: Identity, *options: str, ess: bool = True, kind: str = TST_INFO
) -> bytes:
    """Sign the content of a token with `openssl cms`."""
    for name, data in {"info": info, "signer.pem": signer.pem, "signer.key": signer.key_pem}.items():
        (folder / name).write_bytes(data)
    command = [
        "openssl", "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-outform", "DER",
        "-in", str(folder / "info"), "-signer", str(folder / "signer.pem"),
        "-inkey", str(folder / "signer.key"), "-econtent_type", kind,
        *(["-cades"] if ess else []), *(options or ("-md", "sha256")),
    ]  # fmt: skip
    return run(*command).stdout
