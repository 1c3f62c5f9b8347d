"""A FIDO token for the tests: the key pair is made here, and it answers as a token would, counter and all."""

from __future__ import annotations

import hashlib
from typing import Any

from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import pack_mpint, pack_string, pack_uint32

ED25519, ECDSA = "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"
TOUCHED, KNEW_ITS_USER = 0x01, 0x04
"""What a token can say of its user: that a hand was there, that a PIN or a finger was right."""


class Token:
    """Signs in its own form: digests of what it is for and of what it is shown, flags and counter between."""

    def __init__(self, key_type: str, application: bytes = b"ssh:", flags: int = TOUCHED) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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
        """One more use, one more on the counter."""
        self.counter += 1
        suffix = bytes([self.flags]) + pack_uint32(self.counter)
        shown = hashlib.sha256(self._application).digest() + suffix + hashlib.sha256(data).digest()
        return pack_string(self._name) + pack_string(self._sign(shown)) + suffix

    def _sign(self, shown: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        if self._name == ED25519.encode():
            return bytes(self._private.sign(shown))
        r, s = decode_dss_signature(self._private.sign(shown, ec.ECDSA(hashes.SHA256())))
        return pack_mpint(r) + pack_mpint(s)
