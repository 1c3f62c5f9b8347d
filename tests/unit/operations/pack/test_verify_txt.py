"""VERIFY.txt explains how to check a package with the basic tools of the system."""

from __future__ import annotations

import re

import pytest

from archtool.files.hashing.digests import Algorithm
from archtool.operations.pack.verify_txt import PayloadFacts, SigningFacts, format_instructions

SIGNED = (("archivist@example.org", "attestations/0001-packaging/sha512sums.txt.archivist.sig"),)


def instructions(
    *algorithms: Algorithm,
    title: str = "Letter",
    signers: tuple[tuple[str, str], ...] = (),
    has_encoded_names: bool = False,
) -> str:
    chosen = algorithms or (Algorithm.SHA512,)
    return format_instructions(title, chosen, PayloadFacts(3, has_encoded_names), SigningFacts(signers))


def commands(text: str) -> list[str]:
    """Return the command lines, each joined with its continuation lines."""
    joined = text.replace("\\\n    ", "")
    return [line.removeprefix("$ ") for line in joined.splitlines() if line.startswith("$ ")]


def at_packing(signers: tuple[tuple[str, str], ...]) -> str:
    """Return the sections about the package as it was made, without the one about later attestations."""
    return instructions(signers=signers).partition("WHAT WAS ATTESTED LATER")[0]


def test_an_unsigned_package_has_three_commands_besides_those_for_later_attestations() -> None:
    text = instructions()
    assert "it has a folder attestations/" in text
    now, later = text.split("4. WHAT WAS ATTESTED LATER")
    assert commands(now) == [
        "sha512sum -c manifest-sha512.txt",
        "find data -type f | wc -l",
        "sha512sum -c tagmanifest-sha512.txt",
    ]
    assert "the number must be 3" in text
    assert "This package was not signed when it was made." in text
    assert len(commands(later)) == 3


@pytest.mark.parametrize(
    ("algorithm", "program"),
    [
        (Algorithm.MD5, "md5sum"),
        (Algorithm.SHA1, "sha1sum"),
        (Algorithm.SHA224, "sha224sum"),
        (Algorithm.SHA256, "sha256sum"),
        (Algorithm.SHA384, "sha384sum"),
        (Algorithm.BLAKE2B, "b2sum"),
    ],
)
def test_each_algorithm_is_checked_with_its_program(algorithm: Algorithm, program: str) -> None:
    assert f"{program} -c manifest-{algorithm.value}.txt" in commands(instructions(algorithm))


@pytest.mark.parametrize("algorithm", [Algorithm.SHA3_256, Algorithm.SHA3_512, Algorithm.BLAKE2S])
def test_an_algorithm_without_a_common_program_has_a_note_instead(algorithm: Algorithm) -> None:
    text = instructions(algorithm)
    assert commands(text.partition("4. ")[0]) == ["find data -type f | wc -l"]
    for manifest in ("manifest", "tagmanifest"):
        assert f"No basic tool reads {manifest}-{algorithm.value}.txt" in text


def test_every_algorithm_is_named() -> None:
    text = instructions(*Algorithm)
    assert all(f"tagmanifest-{a.value}.txt" in text for a in Algorithm)


def test_encoded_names_are_explained_only_if_there_are_any() -> None:
    assert "%25" in instructions(has_encoded_names=True)
    assert "%25" not in instructions()


def test_a_signature_is_checked_with_and_without_allowed_signers() -> None:
    checksums, signature = "attestations/0001-packaging/sha512sums.txt", SIGNED[0][1]
    assert commands(at_packing(SIGNED))[3:] == [
        f"sha512sum -c {checksums}",
        f"ssh-keygen -Y verify -f allowed_signers -I {SIGNED[0][0]} -n archtool -s {signature} < {checksums}",
        f"ssh-keygen -Y check-novalidate -n archtool -s {signature} < {checksums}",
    ]


def test_several_signers_share_one_list_of_checksums() -> None:
    second = ("second@example.org", "attestations/0001-packaging/sha512sums.txt.second.sig")
    lines = commands(at_packing((*SIGNED, second)))
    assert len([c for c in lines if c.startswith("sha512sum -c att")]) == 1
    assert len([c for c in lines if "-Y verify" in c]) == 2
    assert len([c for c in lines if "check-novalidate" in c]) == 2


@pytest.mark.parametrize("signers", [(), SIGNED], ids=["unsigned", "signed"])
@pytest.mark.parametrize("cms", [None, "attestations/0001-packaging/sha512sums.txt"], ids=["", "cms"])
@pytest.mark.parametrize("is_stamped", [False, True])
def test_sections_are_numbered_without_a_gap(
    signers: tuple[tuple[str, str], ...], cms: str | None, *, is_stamped: bool
) -> None:
    signing = SigningFacts(signers, is_stamped, cms if signers else None)
    text = format_instructions("Letter", [Algorithm.SHA512], PayloadFacts(3), signing)
    titles = re.findall(r"^(\d)\. ([A-Z ]+)$", text, re.MULTILINE)
    assert [int(number) for number, _ in titles] == list(range(1, 6 if signers else 5))
    assert titles[-1][1] == "WHAT WAS ATTESTED LATER"


def test_a_principal_in_a_command_is_quoted_for_the_shell() -> None:
    lines = commands(instructions(signers=(("$(rm x); a", SIGNED[0][1]),)))
    assert "-I '$(rm x); a' -n" in lines[4]


def test_a_line_of_the_title_does_not_become_a_command() -> None:
    assert commands(instructions(title="Letter\n$ rm -rf ~\n")) == commands(instructions())
