"""The door to keys: what the rest of the house imports, whichever file of the room it lives in."""

from __future__ import annotations

from archtool.trust.key_parts import FINGERPRINT_PREFIX
from archtool.trust.new_key import NewKey, generate_key
from archtool.trust.public_key import PublicKey
from archtool.trust.signing_key import SigningKey, load_signing_key

__all__ = ["FINGERPRINT_PREFIX", "NewKey", "PublicKey", "SigningKey", "generate_key", "load_signing_key"]
