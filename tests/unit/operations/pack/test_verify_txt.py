"""VERIFY.txt says how to check a package with programs that every system has."""

from __future__ import annotations

import re

import pytest

from archtool.files.hashing.digests import Algorithm
from archtool.operations.pack.verify_txt import SigningFacts, format_instructions

SIGNED = (("archivist@example.org", "attestations/0001-packaging/sha512sums.txt.archivist.sig"),)


def instructions(
    *algorithms: Algorithm,
    title: str = "Letter",
    signers: tuple[tuple[str, str], ...] = (),
    has_encoded_names: bool = False,
) -> str:
    chosen = algorithms or (Algorithm.SHA512,)
    return format_instructions(title, chosen, 3, SigningFacts(signers), has_encoded_names=has_encoded_names)


def commands(text: str) -> list[str]:
    """The command lines, each with what continues it."""
    joined = text.replace("\\\n    ", "")
    return [line.removeprefix("$ ") for line in joined.splitlines() if line.startswith("$ ")]


def at_packing(signers: tuple[tuple[str, str], ...]) -> str:
    """The parts that tell of the package as it was made, and not of what was attested later."""
    return instructions(signers=signers).partition("WHAT WAS ATTESTED LATER")[0]


def test_an_unsigned_package_is_checked_with_three_commands_until_somebody_attests_it() -> None:
    text = instructions()
    assert "then there is a folder\nattestations/" in text
    now, later = text.split("4. WHAT WAS ATTESTED LATER")
    assert commands(now) == [
        "sha512sum -c manifest-sha512.txt",
        "find data -type f | wc -l",
        "sha512sum -c tagmanifest-sha512.txt",
    ]
    assert "the number must be 3" in text
    assert "Nobody signed this package when it was made." in text
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
def test_each_algorithm_has_its_program(algorithm: Algorithm, program: str) -> None:
    assert f"{program} -c manifest-{algorithm.value}.txt" in commands(instructions(algorithm))


@pytest.mark.parametrize("algorithm", [Algorithm.SHA3_256, Algorithm.SHA3_512, Algorithm.BLAKE2S])
def test_an_algorithm_without_a_common_program_is_said_to_have_none(algorithm: Algorithm) -> None:
    text = instructions(algorithm)
    assert commands(text.partition("4. ")[0]) == ["find data -type f | wc -l"]
    for manifest in ("manifest", "tagmanifest"):
        assert f"No basic tool reads {manifest}-{algorithm.value}.txt" in text


def test_every_algorithm_is_named() -> None:
    text = instructions(*Algorithm)
    assert all(f"tagmanifest-{a.value}.txt" in text for a in Algorithm)


def test_names_that_are_encoded_are_explained_only_where_there_are_some() -> None:
    assert "%25" in instructions(has_encoded_names=True)
    assert "%25" not in instructions()


def test_a_signature_is_checked_by_name_and_without() -> None:
    checksums, signature = "attestations/0001-packaging/sha512sums.txt", SIGNED[0][1]
    assert commands(at_packing(SIGNED))[3:] == [
        f"sha512sum -c {checksums}",
        f"ssh-keygen -Y verify -f allowed_signers -I {SIGNED[0][0]} -n archtool -s {signature} < {checksums}",
        f"ssh-keygen -Y check-novalidate -n archtool -s {signature} < {checksums}",
    ]


def test_several_signers_share_one_list_of_checksums() -> None:
    second = ("second@example.org", "attestations/0001-packaging/sha512sums.txt.second.sig")
    said = commands(at_packing((*SIGNED, second)))
    assert len([c for c in said if c.startswith("sha512sum -c att")]) == 1
    assert len([c for c in said if "-Y verify" in c]) == 2
    assert len([c for c in said if "check-novalidate" in c]) == 2


@pytest.mark.parametrize("signers", [(), SIGNED], ids=["unsigned", "signed"])
@pytest.mark.parametrize("cms", [None, "attestations/0001-packaging/sha512sums.txt"], ids=["", "cms"])
@pytest.mark.parametrize("is_stamped", [False, True])
def test_sections_are_numbered_without_a_gap(
    signers: tuple[tuple[str, str], ...], cms: str | None, *, is_stamped: bool
) -> None:
    signing = SigningFacts(signers, is_stamped, cms if signers else None)
    text = format_instructions("Letter", [Algorithm.SHA512], 3, signing, has_encoded_names=False)
    titles = re.findall(r"^(\d)\. ([A-Z ]+)$", text, re.MULTILINE)
    assert [int(number) for number, _ in titles] == list(range(1, 6 if signers else 5))
    assert titles[-1][1] == "WHAT WAS ATTESTED LATER"


def test_a_name_in_a_command_is_one_word_for_a_shell() -> None:
    said = commands(instructions(signers=(("$(rm x); a", SIGNED[0][1]),)))
    assert "-I '$(rm x); a' -n" in said[4]


def test_no_line_of_a_title_is_taken_for_a_command() -> None:
    assert commands(instructions(title="Letter\n$ rm -rf ~\n")) == commands(instructions())
