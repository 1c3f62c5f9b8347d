"""A FIDO token for the tests: it makes its key pair here and signs like a token, with a counter."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import pack_mpint, pack_string, pack_uint32

ED25519, ECDSA = "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"
TOUCHED, VERIFIED_USER = 0x01, 0x04
"""The flags of a token: that the user was present, and that a PIN or a fingerprint was verified."""


class Token:
    """Signs the digests of its application and of the data, with flags and counter between them."""

    def __init__(self, key_type: str, application: bytes = b"ssh:", flags: int = TOUCHED) -> None:
        self._application, self.flags, self.counter = application, flags, 6
        self._name = key_type.encode()
        self._private: Any
        if key_type == ED25519:
            self._private = ed25519.Ed25519PrivateKey.generate()
            parts = pack_string(self._private.public_key().public_bytes_raw())
        else:
            self._private = ec.generate_private_key(ec.SECP256R1())
            point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            parts = pack_string(b"nistp256") + pack_string(point)
        self.public = PublicKey.from_blob(pack_string(self._name) + parts + pack_string(application))

    def sign_raw(self, data: bytes) -> bytes:
        """Sign data and increase the counter."""
        self.counter += 1
        suffix = bytes([self.flags]) + pack_uint32(self.counter)
        message = hashlib.sha256(self._application).digest() + suffix + hashlib.sha256(data).digest()
        return pack_string(self._name) + pack_string(self._sign(message)) + suffix

    def _sign(self, message: bytes) -> bytes:
        if self._name == ED25519.encode():
            return bytes(self._private.sign(message))
        r, s = decode_dss_signature(self._private.sign(message, ec.ECDSA(hashes.SHA256())))
        return pack_mpint(r) + pack_mpint(s)
