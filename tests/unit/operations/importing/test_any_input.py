"""Whatever a page or a record contains, its draft can be read, and only values to confirm are left."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archtool.description.loading import load_description
from archtool.errors import InputError
from archtool.operations.importing.documents import read_documents
from archtool.operations.importing.inputs import InputFile
from archtool.operations.importing.library import made_key

LABELS = (
    "Title", "Written", "Author", "Source", "Translated", "Transcription", "Public Domain", "First Published",
    "Language", "Online Version", "Original language", "Print run",
)  # fmt: skip
VALUES = st.text(max_size=40) | st.sampled_from(
    [
        "May 1911",
        "4/5/1911",
        "ru",
        "from the German by A B",
        ": #",
        "- x",
        "\u2028",
        "CONFIRM:x",
        "\x85",
        "'\"\\",
        "{a}",
    ]
)
STATEMENTS = st.tuples(st.sampled_from(LABELS), VALUES).map(
    lambda pair: f"<p><b>{pair[0]}:</b> {pair[1]}</p>"
)
PAGES = st.lists(
    STATEMENTS | st.text(max_size=30) | st.just("<h1>A B</h1>") | st.just("<a href='x'>"), max_size=12
)
OPEN = {"description.unconfirmed", "description.placeholder", "rights.missing"}
RIS_LINES = st.tuples(st.sampled_from(("TI", "AU", "PY", "SP", "LA", "UR", "ZZ", "N2", "A4")), VALUES)


def drafts_of(name: str, data: bytes) -> list[bytes]:
    """Return the drafts of a file; none if it is refused."""
    try:
        source = InputFile(name, name, Path(name))
        return [one.files["description.yaml"] for one in read_documents(source, data, None)]
    except InputError:
        return []


def assert_only_to_confirm(drafts: list[bytes]) -> None:
    for draft in drafts:
        loaded = load_description(draft, "description.yaml")
        assert {finding.code for finding in loaded.findings} <= OPEN, draft.decode()
        assert loaded.description is not None


@given(PAGES.map("".join))
def test_the_draft_of_any_page_has_only_values_to_confirm(html: str) -> None:
    data = f"<html lang='en'><head><meta charset='utf-8'></head><body>{html}</body></html>"
    assert_only_to_confirm(drafts_of("page.htm", data.encode("utf-8", "replace")))


@given(st.lists(RIS_LINES, max_size=10))
def test_the_draft_of_any_record_has_only_values_to_confirm(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(["TY  - BOOK", *(f"{tag}  - {value}" for tag, value in lines), "ER  - "])
    assert_only_to_confirm(drafts_of("books.ris", text.encode("utf-8", "replace")))


@given(st.binary(max_size=200), st.sampled_from(["a.htm", "a.xml", "a.bib", "a.ris", "a.json", "a"]))
def test_no_bytes_end_in_another_error_than_a_refusal(data: bytes, name: str) -> None:
    assert_only_to_confirm(drafts_of(name, data))


@given(
    st.dictionaries(
        st.sampled_from(["author", "editor", "issued", "title"]),
        st.none() | st.text() | st.lists(st.integers()),
    )
)
def test_any_item_gets_a_key(item: dict[str, object]) -> None:
    assert made_key(item)
