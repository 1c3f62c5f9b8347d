"""What a description does not state is not in an export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from archtool.description.model import Agent, Creator, Description, Original, RightsLayer, Source, Translation
from archtool.exports.catalogue.datacite import format_datacite, missing_values
from archtool.exports.catalogue.dublin_core import format_dublin_core
from archtool.exports.catalogue.dublin_core_json import format_dublin_core_json
from archtool.exports.catalogue.ead3 import format_ead3
from archtool.exports.catalogue.mets import format_mets
from archtool.exports.catalogue.mods import format_mods
from archtool.exports.catalogue.record import PayloadFile, Record
from archtool.exports.catalogue.tei.document import format_tei
from archtool.files.hashing.digests import Digest

FORMATTERS = (
    format_dublin_core, format_dublin_core_json, format_datacite, format_ead3, format_mods, format_tei
)  # fmt: skip
Formatter = Callable[[Sequence[Record]], str]
all_formatters = pytest.mark.parametrize("formatter", FORMATTERS)


def record(**stated: Any) -> Record:
    """Return the record of a package whose description states a title and what is given."""
    return Record("p", Description("Title", Source("s"), (), **stated))


@all_formatters
def test_no_date_language_creator_or_right_is_invented(formatter: Formatter) -> None:
    text = formatter([record()]).casefold()
    assert "title" in text
    assert [
        word for word in ("1932", ">fr<", '"fr"', "rightsstatements", "spdx", "marcrelator") if word in text
    ] == []
    assert "none" not in text


@all_formatters
def test_a_right_that_is_a_sentence_gets_no_address(formatter: Formatter) -> None:
    text = formatter([record(rights=(RightsLayer("original", "ask the heirs"),))])
    assert "original: ask the heirs" in text
    assert 'target="' not in text
    assert "seeAlso" not in text.replace('"rdfs:seeAlso": null', "")


@all_formatters
def test_a_season_stays_what_it_is(formatter: Formatter) -> None:
    assert "1932-21" in formatter([record(date="1932-21")])


@all_formatters
def test_a_creator_of_an_unknown_role_is_no_creator_but_is_named(formatter: Formatter) -> None:
    assert "Ann" in formatter([record(creators=(Creator(Agent("Ann"), "proof-reader"),))])


@all_formatters
def test_an_original_of_which_nothing_is_known_adds_nothing(formatter: Formatter) -> None:
    assert "Original" not in formatter([record(original=Original())])


def test_the_language_of_the_original_can_be_known_from_the_translation_only() -> None:
    text = format_mods([record(translation=Translation("fr", from_language="ru"))])
    assert '<language objectPart="original">' in text


def test_datacite_names_each_value_that_is_missing() -> None:
    missing = [*missing_values(record())]
    assert [text.partition(" is stated")[0] for text in missing] == [
        "no DOI", "no creator", "no `packager`", "no Bagging-Date"
    ]  # fmt: skip


def test_mets_of_a_package_without_payload_has_no_file_section() -> None:
    assert "<fileSec" not in format_mets([record()])


def test_tei_of_a_package_without_source_and_text_says_so() -> None:
    text = format_tei([record()])
    assert "<p>The source is not stated.</p>" in text
    assert '<gap reason="the package has no text"/>' in text


def test_a_digest_that_mets_has_no_name_for_is_left_out_of_it() -> None:
    strange = Digest.parse("blake2b512:" + "0" * 128)
    file = PayloadFile("data/a.txt", (strange,), 1)
    text = format_mets([replace(record(), files=(file,))])
    assert "data/a.txt" in text
    assert "CHECKSUM" not in text
    usual = Digest.parse("md5:" + "0" * 32)
    assert 'CHECKSUMTYPE="MD5"' in format_mets(
        [replace(record(), files=(replace(file, digests=(strange, usual)),))]
    )
