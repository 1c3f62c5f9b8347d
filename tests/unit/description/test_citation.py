"""The source becomes a CSL-JSON item, from a verbatim citation, from fields, or from a library."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from archtool.description.citation import make_citation
from archtool.description.library import Library, parse_library
from archtool.description.model import Source
from archtool.description.model_builder import build_source
from archtool.errors import InputError
from unit.description.description_texts import SMALL, described

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = Path(os.environ.get("ARCHTOOL_REFERENCE_SCHEMAS", ROOT / ".." / "shared" / "reference"))
OFFICIAL = REFERENCE / "csl-data.schema.json"
needs_official_schema = pytest.mark.skipif(
    not OFFICIAL.is_file(), reason="the official CSL schema is not here (ARCHTOOL_REFERENCE_SCHEMAS)"
)

ITEM = {
    "id": "http://zotero.org/users/1/items/ABCD",
    "citation-key": "sociosfera2013",
    "type": "chapter",
    "title": "К большевикам-ленинцам",
    "container-title": "Politburo i Lev Trotskiy",
    "volume": 2,
    "issued": {"date-parts": [["2013", 1]]},
    "accessed": {"date-parts": [[2020, 5, 1]]},
    "author": [{"family": "Rakovsky", "given": "Christian"}],
    "page": "3-16",
    "language": "ru-Latn",
}
FULL_SOURCE = """\
  type: chapter
  id: politburo
  title: À tous
  author: [{ family: Rakovsky, given: Christian }, Centre organisationnel]
  editor: [{ name: O. B. Mozokhin }]
  container-title: Politburo i Lev Trotskiy
  container-title-translated: Le Bureau Politique et Léon Trotsky
  place: Prague
  date: 2013~
  accessed: 2020-05-01
  submitted: { date-parts: [[2012, 1]], circa: true, season: 1 }
  event-date: ../2012
  pages: 147b-148a
  volume: 007
"""


@cache
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))


def cited(source: Any, *items: dict[str, Any]) -> dict[str, Any]:
    library = parse_library(json.dumps(items).encode(), "library.json") if items else None
    item, findings = make_citation(build_source(source), library)
    assert findings == ()
    assert item is not None
    return dict(item)


def source_of(text: str) -> Source:
    return described(SMALL.replace(" Cahiers, no 3.", "\n" + text.rstrip())).source


def test_a_citation_as_text_is_kept_verbatim_and_not_parsed() -> None:
    words = "Cahiers,  no 3 (1979), pp. 12-14."
    assert cited(words) == {
        "id": "source",
        "type": "document",
        "note": words,
        "custom": {"archtool-verbatim": words},
    }


def test_fields_get_the_names_and_the_dates_of_csl() -> None:
    item, findings = make_citation(source_of(FULL_SOURCE), None)
    assert findings == ()
    assert item == {
        "id": "politburo",
        "type": "chapter",
        "title": "À tous",
        "author": [{"family": "Rakovsky", "given": "Christian"}, {"literal": "Centre organisationnel"}],
        "editor": [{"literal": "O. B. Mozokhin"}],
        "container-title": "Politburo i Lev Trotskiy",
        "publisher-place": "Prague",
        "issued": {"date-parts": [[2013]], "circa": True},
        "accessed": {"date-parts": [[2020, 5, 1]]},
        "submitted": {"date-parts": [[2012, 1]], "circa": True, "season": 1},
        "event-date": {"literal": "../2012"},
        "page": "147b-148a",
        "volume": "007",
        "custom": {"container-title-translated": "Le Bureau Politique et Léon Trotsky"},
    }


def test_id_and_type_come_first() -> None:
    assert list(cited({"title": "A", "type": "book"}))[:2] == ["id", "type"]


@pytest.mark.parametrize("key", ["sociosfera2013", "http://zotero.org/users/1/items/ABCD"])
def test_an_item_is_found_by_its_key_and_by_its_id(key: str) -> None:
    assert cited({"cite": key}, ITEM) == ITEM


def test_the_description_overrides_the_library() -> None:
    item = cited({"cite": "sociosfera2013", "pages": "5-6", "date": "2014"}, ITEM)
    assert (item["page"], item["issued"], item["title"]) == ("5-6", {"date-parts": [[2014]]}, ITEM["title"])


def test_a_translated_title_is_added_to_the_custom_fields_of_the_library() -> None:
    item = cited(
        {"cite": "a", "container-title-translated": "T"}, {"id": "a", "type": "book", "custom": {"shelf": 1}}
    )
    assert item["custom"] == {"shelf": 1, "container-title-translated": "T"}


def test_an_item_may_have_a_number_for_its_id_and_no_type() -> None:
    assert cited({"cite": "12"}, {"id": 12, "title": "A"}) == {"id": 12, "type": "document", "title": "A"}


def refused(key: str, *items: Any) -> tuple[str, str, str | None]:
    library = parse_library(json.dumps(items, indent=1).encode(), "library.json")
    item, (finding,) = make_citation(Source(cite=key), library)
    assert item is None or finding.code in ("source.impossible-date", "source.not-csl")
    return finding.code, finding.message, finding.hint


@pytest.mark.parametrize("other", [{"id": "a"}, {"id": "b", "citation-key": "a"}, {"citation-key": "a"}])
def test_a_key_of_two_items_is_refused_with_both_places(other: dict[str, Any]) -> None:
    items = ({"id": "a", "title": "The first"}, {"id": "c"}, other | {"title": "The second"})
    code, message, hint = refused("a", *items)
    assert code == "source.cite-ambiguous"
    line = 9 if len(other) < 3 else 0
    assert message == (
        "several items of library.json have the key `a`:"
        f" item 1, line 2 (“The first”) and item 3, line {line} (“The second”)"
    )
    assert "a unique key" in (hint or "")


def test_a_duplicate_key_does_not_affect_other_items() -> None:
    doubled = ({"id": "a", "title": "1"}, {"id": "a", "title": "2"})
    assert cited({"cite": "b"}, *doubled, {"id": "b", "title": "B"})["title"] == "B"


def test_two_identical_items_count_as_one() -> None:
    assert cited({"cite": "a"}, {"id": "a", "title": "A"}, {"id": "a", "title": "A"})["title"] == "A"


@pytest.mark.parametrize(
    "broken", [{"title": "Lost"}, {"id": "", "title": "Lost"}, {"id": None}, 7, "x", [], None]
)
def test_an_item_without_an_id_is_named_only_if_a_key_is_not_found(
    broken: Any,
) -> None:
    assert cited({"cite": "a"}, broken, {"id": "a", "title": "A"})["title"] == "A"
    code, message, _ = refused("x7", {"id": "a"}, broken)
    title = "“Lost”" if isinstance(broken, dict) and "title" in broken else "without a title"
    assert code == "source.cite-unknown"
    assert message == (
        f"the library has no item `x7`; library.json has items without an `id`: item 2, line 5 ({title})"
    )


def test_many_items_without_an_id_are_counted() -> None:
    _, message, _ = refused("x", *({"title": str(number)} for number in range(9)))
    assert message.endswith("(“4”) and 4 more")


@pytest.mark.parametrize(
    ("issued", "why"),
    [
        ([[1932, 13]], "[[1932, 13]]: there is no month 13"),
        ([[1932, 2, 30]], "there is no day 30 in that month"),
        ([[1931, 2, 29]], "there is no day 29 in that month"),
        ([[1932, 0, 5]], "there is no month 0"),
        ([["", 5]], "the year is missing"),
        ([["May 1932"]], "'May 1932' is not a year"),
        ([[1932], [1931]], "it ends before it begins"),
        ([[19320]], "the year 19320 has more than four digits"),
        ([[0]], "`issued` is the year 0, which CSL does not have"),
    ],
)
def test_an_impossible_date_in_the_library_is_refused_by_name(issued: Any, why: str) -> None:
    code, message, _ = refused("a", {"id": "a", "type": "book", "issued": {"date-parts": issued}})
    assert code == "source.impossible-date"
    assert message.startswith("item `a`: `issued` is ")
    assert why in message


@pytest.mark.parametrize(
    "issued",
    [{}, {"date-parts": [[""]]}, {"date-parts": [[1932, 0, 0]]},
     {"date-parts": [[-399]]}, {"date-parts": [[1700, 2, 29]]}, {"date-parts": [["1932", "05"]]},
     {"date-parts": [[1932, 21]]}, {"literal": "n. d."}, {"date-parts": [[0, 0, 0]]}],
)  # fmt: skip
def test_a_valid_or_empty_date_in_the_library_is_kept_unchanged(issued: Any) -> None:
    assert cited({"cite": "a"}, {"id": "a", "type": "book", "issued": issued})["issued"] == issued


def test_the_description_can_correct_a_date_of_the_library() -> None:
    item = {"id": "a", "type": "book", "issued": {"date-parts": [[1932, 13]]}}
    assert cited({"cite": "a", "date": "1932"}, item)["issued"] == {"date-parts": [[1932]]}


def test_a_library_may_begin_with_a_byte_order_mark() -> None:
    assert "a" in parse_library(b"\xef\xbb\xbf" + b'[{"id": "a"}]', "library.json").items


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not JSON"),
        (b"@book{a}", "is not JSON"),
        (b"\xff", "is not text in UTF-8"),
        (b"[" * 100_000, "nested more than 500 levels deep"),
        (b'{"id": "a"}', "is not a list of CSL-JSON items"),
    ],
)
def test_a_broken_library_is_refused_with_a_hint(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why) as refused:
        parse_library(data, "library.json")
    assert "Zotero" in (refused.value.hint or "")


def test_an_item_with_a_duplicate_key_is_refused_only_if_it_is_cited() -> None:
    data = b'[{"id": "a", "type": "book", "title": "One", "title": "Two"}, {"id": "b", "type": "book"}]'
    library = parse_library(data, "library.json")
    item, (finding,) = make_citation(Source(cite="a"), library)
    assert item is None
    assert (finding.code, finding.message) == (
        "source.cite-key-twice",
        "the item `a` of library.json has the key `title` twice",
    )
    assert make_citation(Source(cite="b"), library)[1] == ()


def test_a_duplicate_key_deep_inside_a_cited_item_is_found() -> None:
    data = b'[{"id": "a", "type": "book", "issued": {"date-parts": [[1]], "date-parts": [[2]]}}]'
    (finding,) = make_citation(Source(cite="a"), parse_library(data, "library.json"))[1]
    assert finding.code == "source.cite-key-twice"


def test_an_unknown_key_gets_the_nearest_as_hint() -> None:
    item, (finding,) = make_citation(Source(cite="sociosfera2031"), Library({"sociosfera2013": ITEM}))
    assert item is None
    assert (finding.code, finding.hint) == ("source.cite-unknown", "did you mean `sociosfera2013`?")


@pytest.mark.parametrize(("library", "count"), [(Library({"abc": ITEM}), 1), (None, 0)])
def test_an_unknown_key_without_a_near_one_gets_the_number_of_keys(library: Any, count: int) -> None:
    _, (finding,) = make_citation(Source(cite="xyz"), library)
    assert finding.hint == f"the library has {count} keys"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"authors": []}, "the item is not CSL-JSON"),
        ({"custom": "a"}, "`custom` is not CSL-JSON"),
        ({"author": [{"family": 1}]}, "`author.0.family` is not CSL-JSON"),
        ({"type": "chaptre"}, "`type` is not CSL-JSON"),
        ({"title": "\ud800"}, "half of a surrogate pair"),
        ({"custom": {"a": json.loads("[" * 400 + "1" + "]" * 400)}}, "nested more than 64 levels deep"),
    ],
)
def test_a_library_item_that_is_not_csl_is_refused(broken: dict[str, Any], says: str) -> None:
    library = parse_library(json.dumps([{"id": "a", "type": "book", **broken}]).encode(), "library.json")
    source = build_source({"cite": "a", "container-title-translated": "T"})
    _, (finding, *_) = make_citation(source, library)
    assert finding.code == "source.not-csl"
    assert says in finding.message


@needs_official_schema
@pytest.mark.parametrize(
    "source",
    [
        "Cahiers, no 3.",
        {"type": "book", "date": "1932-04/1932-05~"},
        {"cite": "sociosfera2013", "date": "193X"},
    ],
)
def test_the_item_is_valid_under_the_official_csl_schema(source: Any) -> None:
    assert list(official().iter_errors([cited(source, ITEM)])) == []


@needs_official_schema
def test_a_source_with_every_type_of_field_is_valid_under_the_official_schema() -> None:
    item, _ = make_citation(source_of(FULL_SOURCE), None)
    assert list(official().iter_errors([item])) == []


@needs_official_schema
def test_archtools_schema_has_exactly_the_variables_of_the_official_one() -> None:
    ours = json.loads((ROOT / "schemas" / "citation.schema.json").read_text(encoding="utf-8"))
    theirs = json.loads(OFFICIAL.read_text(encoding="utf-8"))["items"]["properties"]
    assert set(ours["$defs"]["item"]["properties"]) == set(theirs)
    assert ours["$defs"]["item"]["properties"]["type"]["enum"] == theirs["type"]["enum"]
