"""A file given to the wrong option is refused with its kind and the right option."""

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
    """Return one file of each kind, by its kind."""
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
    run = {name: recognise(path.read_bytes()) for name, path in files.items()}
    assert run == {
        "key": TrustFile.PRIVATE_KEY, "public": TrustFile.PUBLIC_KEY, "signers": TrustFile.SIGNERS,
        "x509": TrustFile.CERTIFICATE, "policy": TrustFile.POLICY, "revoked": TrustFile.REVOCATION_LIST,
        "zip": TrustFile.ARCHIVE,
    }  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [b"", b"\n#\n", b"ssh-ed25519", b"archivist ssh-ed25519", b"\xff" * 300, b"SHA256:abc\n"],
)
def test_a_file_of_unknown_kind_is_not_recognised(data: bytes) -> None:
    assert recognise(data) is None


@pytest.mark.parametrize(
    ("option", "name", "what", "hint"),
    [
        (
            "--trust",
            "public",
            "an OpenSSH public key",
            "archtool keys trust {file} --name NAME > allowed_signers",
        ),
        ("--trust", "key", "a private key", "keep it secret"),
        ("--trust", "x509", "an X.509 certificate", "belongs to --tsa-roots"),
        ("--trust", "revoked", "a key revocation list", "give it to --revoked"),
        ("--trust", "policy", "a policy", "give it to --policy"),
        ("--trust", "zip", "an archive", "outside the package"),
        ("--revoked", "signers", "a list of allowed signers", "give it to --trust"),
        ("--revoked", "key", "a private key", "ends in .pub"),
        ("--revoked", "x509", "an X.509 certificate", "--revoked is for SSH keys"),
        ("--tsa-roots", "public", "an OpenSSH public key", "are trusted with --trust"),
        ("--tsa-roots", "signers", "a list of allowed signers", "give it to --trust"),
        ("--tsa-roots", "key", "a private key", "the root certificate that the authority publishes"),
        ("--policy", "signers", "a list of allowed signers", "archtool-policy: 1"),
    ],
)
def test_verify_names_the_kind_of_a_file_given_to_the_wrong_option(
    tmp_path: Path, files: dict[str, Path], option: str, name: str, what: str, hint: str
) -> None:
    trust = ["--trust", files["signers"]] if option != "--trust" else []
    run = archtool("verify", make_package(tmp_path), *trust, option, files[name])
    assert run.code == 3
    assert f"{files[name]} is {what}, not " in run.err
    assert hint.replace("{file}", str(files[name])) in run.err


@pytest.mark.parametrize("option", OPTIONS)
def test_a_folder_or_a_package_given_as_a_file_is_refused_with_its_kind(tmp_path: Path, option: str) -> None:
    (tmp_path / "one").mkdir()
    package, other = make_package(tmp_path), make_package(tmp_path / "one")
    run = archtool("verify", package, "--trust", write_allowed_signers(tmp_path, ARCHIVIST), option, other)
    assert run.code == 3
    assert f"{other} is a package, not " in run.err
    assert "is a folder, not " in archtool("verify", package, option, tmp_path / "one").err


def test_the_command_in_the_hint_about_a_public_key_makes_a_working_list(
    tmp_path: Path, files: dict[str, Path]
) -> None:
    package = make_package(tmp_path)
    listed = tmp_path / "made_by_the_hint"
    listed.write_text(archtool("keys", "trust", files["public"]).out)
    assert archtool("verify", package, "--trust", listed).code == 0


@pytest.mark.parametrize(
    ("name", "what"),
    [("signers", "a list of allowed signers"), ("x509", "an X.509 certificate"), ("policy", "a policy")],
)
def test_pack_names_the_kind_of_a_file_that_cannot_sign(
    tmp_path: Path, files: dict[str, Path], name: str, what: str
) -> None:
    run = pack(write_letter(tmp_path), tmp_path / "p", "--sign", files[name])
    assert run.code == 3
    assert f"is {what}, not a private key" in run.err
    assert "archtool keys new" in run.err


@pytest.mark.parametrize(
    ("key", "cert", "message"),
    [
        ("x509", "x509", "is an X.509 certificate, not an X.509 private key in PEM"),
        ("public", "x509", "is an OpenSSH public key, not an X.509 private key in PEM"),
        ("rsa", "public", "is an OpenSSH public key, not a certificate in PEM"),
        ("rsa", "key", "is a private key, not a certificate in PEM"),
        (
            "rsa",
            "der",
            "is a file in DER, the binary form of keys and certificates",
        ),
    ],
)
def test_pack_names_the_kind_of_a_file_that_cannot_make_a_cms_signature(
    tmp_path: Path, files: dict[str, Path], key: str, cert: str, message: str
) -> None:
    institution = certify("Institution", None, "rsa3072")
    files |= {"rsa": tmp_path / "rsa.pem", "der": tmp_path / "cert.der"}
    files["rsa"].write_bytes(institution.key_pem)
    files["der"].write_bytes(institution.certificate.public_bytes(Encoding.DER))
    options = ["--sign", files["key"], "--cms-key", files[key], "--cms-cert", files[cert]]
    run = pack(write_letter(tmp_path), tmp_path / "p", *options)
    assert run.code == 3
    assert message in run.err


def test_roots_in_der_or_in_an_empty_file_are_refused_with_archtools_own_message(tmp_path: Path) -> None:
    package, roots = make_package(tmp_path), tmp_path / "roots"
    roots.write_bytes(certify("TheRoot", None, wish=AUTHORITY).certificate.public_bytes(Encoding.DER))
    run = archtool("verify", package, "--tsa-roots", roots)
    assert f"openssl x509 -inform DER -in {roots} -out roots.pem" in run.err
    roots.write_bytes(b"")
    run = archtool("verify", package, "--tsa-roots", roots)
    assert "contains no certificate in PEM (-----BEGIN CERTIFICATE-----)" in run.err
    assert "cryptography" not in run.err


@needs_ssh_keygen
def test_an_ssh_certificate_is_not_a_list_of_signers(tmp_path: Path, files: dict[str, Path]) -> None:
    command = ["ssh-keygen", "-q", "-s", str(files["key"]), "-I", "x", "-n", ARCHIVIST, str(files["public"])]
    subprocess.run(command, check=True, capture_output=True)
    certificate = files["key"].with_name(f"{files['key'].name}-cert.pub")
    run = archtool("verify", make_package(tmp_path), "--trust", certificate)
    assert f"{certificate} is an SSH certificate, not a list of allowed signers" in run.err
    assert "cert-authority" in run.err


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"a/letter.txt".ljust(257, b"\0") + b"ustar\0", TrustFile.ARCHIVE),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", TrustFile.OTHER_PUBLIC_KEY),
        (b"-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n", TrustFile.OTHER_PEM),
        (b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n", TrustFile.OTHER_PUBLIC_KEY),
    ],
)
def test_files_of_other_programs_are_told_apart(data: bytes, kind: TrustFile) -> None:
    assert recognise(data) is kind
