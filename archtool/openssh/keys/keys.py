"""The door to keys: what the rest of the house imports, whichever file of the room it lives in."""

from __future__ import annotations

from archtool.openssh.keys.key_parts import FINGERPRINT_PREFIX
from archtool.openssh.keys.new_key import NewKey, generate_key
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import SigningKey, load_signing_key

__all__ = ["FINGERPRINT_PREFIX", "NewKey", "PublicKey", "SigningKey", "generate_key", "load_signing_key"]
