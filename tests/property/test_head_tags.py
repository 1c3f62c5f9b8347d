"""Properties of what machines read: any valid citation gives tags, COinS and JSON, and never fails."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from hypothesis import assume, given
from hypothesis import strategies as st

from archtool.description.citation import check_citation
from archtool.description.citing.document_entry import make_document_entry
from archtool.description.model import Agent, Creator, Description, RightsLayer, Source, TranscriptionFile
from archtool.exports.embedded.coins import format_coins
from archtool.exports.embedded.dublin_core import dublin_core_tags
from archtool.exports.embedded.highwire import highwire_tags
from archtool.exports.embedded.schema_org import format_schema_org

TEXT = st.text(max_size=20)
VALUE = TEXT | st.integers(-5, 3000)
NAME = st.fixed_dictionaries(
    {},
    optional={"family": TEXT, "given": TEXT, "literal": TEXT, "suffix": TEXT, "non-dropping-particle": TEXT},
)
DATE = st.one_of(
    st.fixed_dictionaries(
        {"date-parts": st.lists(st.lists(st.integers(-9999, 9999), min_size=1, max_size=3), max_size=2)}
    ),
    st.fixed_dictionaries({"literal": TEXT}),
    st.fixed_dictionaries({"raw": TEXT, "circa": st.booleans()}),
)
TYPE = st.sampled_from(
    [
        "article-journal",
        "book",
        "chapter",
        "document",
        "manuscript",
        "map",
        "personal_communication",
        "report",
        "thesis",
    ]
)
ITEM = st.fixed_dictionaries(
    {"id": TEXT, "type": TYPE},
    optional={
        "title": TEXT, "container-title": TEXT, "publisher": TEXT, "publisher-place": TEXT, "page": VALUE,
        "volume": VALUE, "issue": VALUE, "author": st.lists(NAME, max_size=3), "issued": DATE,
        "collection-title": TEXT, "archive": TEXT, "language": TEXT, "ISBN": TEXT, "genre": TEXT,
        "note": TEXT,
        "abstract": TEXT, "translator": st.lists(NAME, max_size=2), "URL": TEXT,
    },
)  # fmt: skip


def described(title: str, author: str, date: str, rights: str) -> Description:
    return Description(
        title=title,
        source=Source(text="s"),
        transcription=(TranscriptionFile("letter.txt", language="fr"),),
        id="letter",
        date=date,
        creators=(Creator(Agent(author, type="person"), "author"),),
        rights=(RightsLayer("original", rights),),
    )


@given(ITEM, TEXT, TEXT, TEXT, TEXT)
def test_any_valid_citation_gives_tags_coins_and_json(
    item: dict[str, Any], title: str, author: str, date: str, rights: str
) -> None:
    assume(not check_citation([item]))
    description = described(title, author, date, rights)
    entry = make_document_entry(description, item)
    tags = [*highwire_tags(entry, "https://a.example/"), *dublin_core_tags(description, entry, title)]
    assert all(isinstance(tag.content, str) for tag in tags)
    assert parse_qs(format_coins(entry))["ctx_ver"] == ["Z39.88-2004"]
    text = format_schema_org(description, entry, title)
    assert not set("<>&").intersection(text)
    assert json.loads(text)["@context"] == "https://schema.org"
