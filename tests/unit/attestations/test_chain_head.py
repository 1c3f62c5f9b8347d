"""The head of a chain: printing, parsing and comparing it."""

from __future__ import annotations

import pytest

from archtool.attestations.chain_head import ChainHead
from archtool.errors import InputError
from unit.attestations.trust_builders import LIST, make_package, sha512

NAME = "0001-packaging"


def test_a_printed_head_can_be_parsed() -> None:
    head = ChainHead.of(NAME, b"sums")
    assert ChainHead.parse(f"  {head}\n") == head
    assert str(head) == f"{NAME} sha512:{sha512(b'sums').hex}"


def test_a_head_copied_by_hand_may_have_at_least_32_digits() -> None:
    text = str(ChainHead.of(NAME, b"sums"))
    begin = len(NAME) + len(" sha512:")
    cut = ChainHead.parse(text[: begin + 32].upper())
    assert cut.matches(sha512(b"sums"))
    assert not cut.matches(sha512(b"other"))
    with pytest.raises(InputError, match="not the head of a chain") as refused:
        ChainHead.parse(text[: begin + 31])
    assert refused.value.hint is not None
    assert "with at least 32 digits" in refused.value.hint


@pytest.mark.parametrize("text", ["", "0001-packaging", "1-packaging sha512:" + "0" * 128, "0" * 4000])
def test_a_text_that_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not the head of a chain"):
        ChainHead.parse(text)


def test_the_head_of_a_report_is_its_newest_attestation() -> None:
    package = make_package()
    assert package.verify().head is None
    package.attest()
    assert package.verify().head == ChainHead.of(NAME, package.files[LIST])
    package.attest("custody-transfer")
    head = package.verify().head
    assert head is not None
    assert head.attestation == "0002-custody-transfer"
