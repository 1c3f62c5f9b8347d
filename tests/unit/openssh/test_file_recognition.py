"""A file that was given in place of another is named as what it is, with where it belongs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from archtool.openssh.file_recognition import TrustFile, recognise
from command_line import archtool
from packages import (
    ARCHIVIST,
    make_package,
    needs_ssh_keygen,
    pack,
    write_allowed_signers,
    write_key,
    write_letter,
)
from timestamping import AUTHORITY, certify

OPTIONS = ("--trust", "--revoked", "--tsa-roots", "--policy")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """One file of each kind, by its kind."""
    key = write_key(tmp_path)
    made = {
        "key": key,
        "public": key.with_name(f"{key.name}.pub"),
        "signers": write_allowed_signers(tmp_path, ARCHIVIST),
        "x509": tmp_path / "root.pem",
        "policy": tmp_path / "policy.yaml",
        "revoked": tmp_path / "revoked",
        "zip": tmp_path / "a.zip",
    }
    made["x509"].write_bytes(b"subject=CN=TheRoot\n" + certify("TheRoot", None, wish=AUTHORITY).pem)
    made["policy"].write_text("# ours\narchtool-policy: 1\nclaims:\n- {event: packaging, required: true}\n")
    made["revoked"].write_bytes(b"SSHKRL\n\0" + bytes(60))
    made["zip"].write_bytes(b"PK\x03\x04" + bytes(60))
    return made


def test_each_kind_is_recognised_by_its_first_bytes(files: dict[str, Path]) -> None:
    seen = {name: recognise(path.read_bytes()) for name, path in files.items()}
    assert seen == {
        "key": TrustFile.PRIVATE_KEY, "public": TrustFile.PUBLIC_KEY, "signers": TrustFile.SIGNERS,
        "x509": TrustFile.CERTIFICATE, "policy": TrustFile.POLICY, "revoked": TrustFile.REVOCATION_LIST,
        "zip": TrustFile.ARCHIVE,
    }  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [b"", b"\n#\n", b"ssh-ed25519", b"archivist ssh-ed25519", b"\xff" * 300, b"SHA256:abc\n"],
)
def test_what_does_not_show_its_kind_is_left_to_its_reader(data: bytes) -> None:
    assert recognise(data) is None


@pytest.mark.parametrize(
    ("option", "name", "what", "hint"),
    [
        (
            "--trust",
            "public",
            "a public key of OpenSSH",
            "archtool keys trust {file} --name NAME > allowed_signers",
        ),
        ("--trust", "key", "a private key", "keep it secret"),
        ("--trust", "x509", "an X.509 certificate", "belongs to --tsa-roots"),
        ("--trust", "revoked", "a key revocation list", "give it to --revoked"),
        ("--trust", "policy", "a policy", "give it to --policy"),
        ("--trust", "zip", "an archive", "outside the package"),
        ("--revoked", "signers", "a list of allowed signers", "give it to --trust"),
        ("--revoked", "key", "a private key", "ends in .pub"),
        ("--revoked", "x509", "an X.509 certificate", "only SSH keys are revoked here"),
        ("--tsa-roots", "public", "a public key of OpenSSH", "is believed by --trust"),
        ("--tsa-roots", "signers", "a list of allowed signers", "give it to --trust"),
        ("--tsa-roots", "key", "a private key", "the root certificate that the authority publishes"),
        ("--policy", "signers", "a list of allowed signers", "archtool-policy: 1"),
    ],
)
def test_verify_names_a_file_that_was_given_for_another(
    tmp_path: Path, files: dict[str, Path], option: str, name: str, what: str, hint: str
) -> None:
    believed = ["--trust", files["signers"]] if option != "--trust" else []
    seen = archtool("verify", make_package(tmp_path), *believed, option, files[name])
    assert seen.code == 3
    assert f"{files[name]} is {what}, not " in seen.err
    assert hint.replace("{file}", str(files[name])) in seen.err


@pytest.mark.parametrize("option", OPTIONS)
def test_a_folder_and_another_package_are_named_as_such(tmp_path: Path, option: str) -> None:
    (tmp_path / "one").mkdir()
    package, other = make_package(tmp_path), make_package(tmp_path / "one")
    seen = archtool("verify", package, "--trust", write_allowed_signers(tmp_path, ARCHIVIST), option, other)
    assert seen.code == 3
    assert f"{other} is a package, not " in seen.err
    assert "is a folder, not " in archtool("verify", package, option, tmp_path / "one").err


def test_the_hint_about_a_public_key_leads_to_trust(tmp_path: Path, files: dict[str, Path]) -> None:
    package = make_package(tmp_path)
    listed = tmp_path / "made_as_the_hint_says"
    listed.write_text(archtool("keys", "trust", files["public"]).out)
    assert archtool("verify", package, "--trust", listed).code == 0


@pytest.mark.parametrize(
    ("name", "what"),
    [("signers", "a list of allowed signers"), ("x509", "an X.509 certificate"), ("policy", "a policy")],
)
def test_pack_names_a_file_that_cannot_sign(
    tmp_path: Path, files: dict[str, Path], name: str, what: str
) -> None:
    seen = pack(write_letter(tmp_path), tmp_path / "p", "--sign", files[name])
    assert seen.code == 3
    assert f"is {what}, not a private key" in seen.err
    assert "archtool keys new" in seen.err


@pytest.mark.parametrize(
    ("key", "cert", "says"),
    [
        ("x509", "x509", "is an X.509 certificate, not a private key of X.509 in PEM"),
        ("public", "x509", "is a public key of OpenSSH, not a private key of X.509 in PEM"),
        ("rsa", "public", "is a public key of OpenSSH, not a certificate in PEM"),
        ("rsa", "key", "is a private key, not a certificate in PEM"),
        (
            "rsa",
            "der",
            "is a file in DER, the binary form of keys and certificates",
        ),
    ],
)
def test_pack_names_a_file_that_cannot_sign_in_cms(
    tmp_path: Path, files: dict[str, Path], key: str, cert: str, says: str
) -> None:
    institution = certify("Institution", None, "rsa3072")
    files |= {"rsa": tmp_path / "rsa.pem", "der": tmp_path / "cert.der"}
    files["rsa"].write_bytes(institution.key_pem)
    files["der"].write_bytes(institution.certificate.public_bytes(Encoding.DER))
    options = ["--sign", files["key"], "--cms-key", files[key], "--cms-cert", files[cert]]
    seen = pack(write_letter(tmp_path), tmp_path / "p", *options)
    assert seen.code == 3
    assert says in seen.err


def test_roots_in_der_or_in_an_empty_file_are_told_without_words_of_a_library(tmp_path: Path) -> None:
    package, roots = make_package(tmp_path), tmp_path / "roots"
    roots.write_bytes(certify("TheRoot", None, wish=AUTHORITY).certificate.public_bytes(Encoding.DER))
    seen = archtool("verify", package, "--tsa-roots", roots)
    assert f"openssl x509 -inform DER -in {roots} -out roots.pem" in seen.err
    roots.write_bytes(b"")
    seen = archtool("verify", package, "--tsa-roots", roots)
    assert "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)" in seen.err
    assert "cryptography" not in seen.err


@needs_ssh_keygen
def test_an_ssh_certificate_is_not_a_list_of_signers(tmp_path: Path, files: dict[str, Path]) -> None:
    command = ["ssh-keygen", "-q", "-s", str(files["key"]), "-I", "x", "-n", ARCHIVIST, str(files["public"])]
    subprocess.run(command, check=True, capture_output=True)
    certificate = files["key"].with_name(f"{files['key'].name}-cert.pub")
    seen = archtool("verify", make_package(tmp_path), "--trust", certificate)
    assert f"{certificate} is an SSH certificate, not a list of allowed signers" in seen.err
    assert "cert-authority" in seen.err
