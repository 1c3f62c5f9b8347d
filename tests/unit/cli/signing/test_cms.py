"""The X.509 key that signs in a batch on a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from archtool.cli.signing.cms import CmsFiles
from archtool.errors import UsageError
from timestamping import Wish, certify


def test_an_encrypted_key_without_a_passphrase_file_is_refused_with_the_option_to_give(
    tmp_path: Path,
) -> None:
    own = certify("Archive", certify("Root", None), wish=Wish(purposes=None))
    files = CmsFiles(tmp_path / "archive.key", tmp_path / "archive.pem", None)
    encryption = BestAvailableEncryption(b"a test's")
    files.key.write_bytes(own.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    files.cert.write_bytes(own.pem)
    with pytest.raises(UsageError, match="has a passphrase") as refused:
        files.load(files_only=True)
    assert "--cms-passphrase-file" in refused.value.hint
