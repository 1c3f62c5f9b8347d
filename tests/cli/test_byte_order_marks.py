"""Files from Notepad or PowerShell: the byte-order mark is no part of a name, a key or a passphrase."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from command_line import Run, archtool
from packages import ARCHIVIST, LETTER, make_package, needs_ssh_keygen, pack, write_key, write_letter
from timestamping import AUTHORITY, certify

MARK = codecs.BOM_UTF8
POLICY = (
    f"archtool-policy: 1\nclaims:\n  - event: packaging\n    required: true\n    signers: ['{ARCHIVIST}']\n"
)


def with_mark(path: Path) -> Path:
    marked = path.with_name(f"marked-{path.name}")
    marked.write_bytes(MARK + path.read_bytes())
    marked.chmod(0o600)
    return marked


def in_utf16(path: Path) -> Path:
    wide = path.with_name(f"wide-{path.name}")
    wide.write_bytes(path.read_text().encode("utf-16"))
    wide.chmod(0o600)
    return wide


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A signed package; its key and the trust files lie beside it."""
    made = make_package(tmp_path)
    key = write_key(tmp_path)
    key.rename(tmp_path / "key")
    key.with_name(f"{key.name}.pub").rename(tmp_path / "key.pub")
    (tmp_path / "signers").write_text(archtool("keys", "trust", tmp_path / "key.pub").out)
    (tmp_path / "policy.yaml").write_text(POLICY)
    (tmp_path / "revoked").write_text("# nobody\n")
    (tmp_path / "profile.json").write_text('{"BagIt-Profile-Info": {}}')
    return made


def test_trust_files_with_a_byte_order_mark_are_read(package: Path) -> None:
    folder = package.parent
    files = {name: with_mark(folder / name) for name in ("signers", "policy.yaml", "revoked", "profile.json")}
    seen = archtool(
        "verify", package, "--trust", files["signers"], "--policy", files["policy.yaml"],
        "--revoked", files["revoked"], "--profile", files["profile.json"],
    )  # fmt: skip
    assert seen.code == 0, seen.said()
    assert "ufeff" not in seen.said()


Use = Callable[[Path, Path, Path], Run]


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("signers", lambda p, wide, _: archtool("verify", p, "--trust", wide)),
        ("policy.yaml", lambda p, wide, d: archtool("verify", p, "--trust", d / "signers", "--policy", wide)),
        ("revoked", lambda p, wide, d: archtool("verify", p, "--trust", d / "signers", "--revoked", wide)),
        ("key.pub", lambda _p, wide, _: archtool("keys", "trust", wide)),
        ("key", lambda p, wide, _: archtool("attest", p, "--event", "validation", "--sign", wide)),
        ("letter.yaml", lambda _p, wide, _: archtool("check", wide)),
    ],
)
def test_a_file_that_must_not_be_utf16_is_refused_with_this_reason(
    package: Path, name: str, use: Use
) -> None:
    folder = package.parent
    (folder / "letter.yaml").write_text(LETTER)
    seen = use(package, in_utf16(folder / name), folder)
    assert seen.code == 3
    assert "is UTF-16, not UTF-8" in seen.said()
    assert "save it as UTF-8" in seen.said()


def test_a_configuration_with_a_byte_order_mark_is_read(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = package.parent / "config.toml"
    config.write_bytes(MARK + b'trust = "signers"\n')
    monkeypatch.setenv("ARCHTOOL_CONFIG", str(config))
    assert archtool("verify", package).code == 0
    config.write_bytes('trust = "signers"\n'.encode("utf-16"))
    assert "is UTF-16, not UTF-8" in archtool("verify", package).err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@needs_ssh_keygen
def test_a_passphrase_file_in_any_encoding_has_the_typed_passphrase(tmp_path: Path, encoding: str) -> None:
    plain, written = tmp_path / "plain", tmp_path / "written"
    plain.write_text("garçon 7\n")
    written.write_bytes("garçon 7\r\nnot this\r\n".encode(encoding))
    made = archtool("keys", "new", tmp_path / "key", "--name", ARCHIVIST, "--passphrase-file", plain)
    assert made.code == 0
    key = with_mark(tmp_path / "key")
    (tmp_path / "letter").mkdir()
    seen = pack(
        write_letter(tmp_path / "letter"), tmp_path / "p", "--sign", key, "--passphrase-file", written,
        "--signer", ARCHIVIST,
    )  # fmt: skip
    assert seen.code == 0, seen.err


def test_a_public_key_with_a_byte_order_mark_is_read(package: Path) -> None:
    marked = with_mark(package.parent / "key.pub")
    named = archtool("keys", "trust", marked, "--name", ARCHIVIST)
    assert named.out == archtool("keys", "trust", package.parent / "key.pub").out


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_library_and_json_lines_with_a_byte_order_mark_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "letter.txt").write_text("To the sections.\n")
    library = tmp_path / "library.json"
    library.write_bytes('[{"id": "é", "type": "book", "title": "The Cahiers"}]'.encode(encoding))
    line = {"archtool": 1, "id": "a", "title": "A letter", "source": {"cite": "é", "library": "library.json"},
            "transcription": "letter.txt", "rights": {"original": "UND", "package": "CC0-1.0"}}  # fmt: skip
    (tmp_path / "letters.jsonl").write_bytes((json.dumps(line, ensure_ascii=False) + "\n").encode(encoding))
    seen = archtool("batch", tmp_path / "letters.jsonl", "-o", tmp_path / "out")
    assert seen.code == 0, seen.out
    assert ("was read as UTF-16" in seen.err) == (encoding == "utf-16")
    assert "The Cahiers" in archtool("cite", tmp_path / "out" / "a").out


def test_certificates_with_a_byte_order_mark_are_read(package: Path) -> None:
    root = certify("TheRoot", None, wish=AUTHORITY)
    roots = package.parent / "roots.pem"
    roots.write_bytes(MARK + root.certificate.public_bytes(Encoding.PEM))
    assert archtool("verify", package, "--tsa-roots", roots).code == 0
    roots.write_text(roots.read_text("utf-8-sig"), "utf-16")
    assert "is UTF-16, not UTF-8" in archtool("verify", package, "--tsa-roots", roots).err
