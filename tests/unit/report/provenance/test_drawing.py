"""The drawing as SVG: whole, self-contained, the same each time, readable by programs that read aloud."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from lxml import etree

from archtool.provenance.model import History
from archtool.report.provenance.drawing import STYLE, draw_history
from archtool.report.provenance.history_graph import history_graph
from archtool.report.provenance.words.choice import words_for
from unit.provenance.rakovsky_case import appeal_history, smallest_history
from unit.report.provenance.histories import circular, many_scripts, sixty_entities, ten_thousand_pages

SVG = "{http://www.w3.org/2000/svg}"
HISTORIES = {
    "case of 1932": appeal_history(),
    "sixty entities": sixty_entities(),
    "many scripts": many_scripts(),
    "circular": circular(),
    "ten thousand pages": ten_thousand_pages(),
    "empty": History("nothing"),
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_a_drawing_is_one_well_formed_element_without_scripts_and_references(history: History) -> None:
    text = draw_history(history)
    root = etree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "style", "rect", "path", "circle", "g", "text")
    }
    names = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or "href" in name or name == "style" for name in names)
    assert "url(" not in text
    assert "@import" not in text


def test_the_same_history_is_drawn_with_the_same_bytes() -> None:
    assert draw_history(sixty_entities()) == draw_history(sixty_entities())


def test_the_bytes_do_not_depend_on_the_run() -> None:
    program = (
        "import hashlib, unit.report.provenance.histories as h;"
        "from archtool.report.provenance.drawing import draw_history;"
        "histories = (h.sixty_entities(), h.ten_thousand_pages(), h.circular(), h.many_scripts());"
        "print(hashlib.sha256(''.join(map(draw_history, histories)).encode()).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(run.stdout)
    assert len(digests) == 1


def test_a_drawing_says_in_which_language_it_is() -> None:
    root = etree.fromstring(draw_history(appeal_history(), language="ru"))
    assert root.get("lang") == root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"


def test_a_drawing_has_a_title_and_a_description_for_those_who_hear_it() -> None:
    root = etree.fromstring(draw_history(appeal_history(), prefix="picture-7"))
    assert root.get("role") == "img"
    ids = str(root.get("aria-labelledby")).split()
    assert ids == ["picture-7-title", "picture-7-desc"]
    texts = {element.get("id"): element.text for element in root}
    assert texts[ids[0]] == "The history of rakovsky-1932-appel"
    assert "14 entities, 7 events and 7 agents" in str(texts[ids[1]])


def test_all_ids_begin_with_the_prefix_so_that_a_page_can_have_several_drawings() -> None:
    text = draw_history(appeal_history(), prefix="one")
    assert re.findall(r' id="(?!one-)', text) == []


def test_the_style_is_the_same_in_every_drawing_so_that_a_policy_can_name_it() -> None:
    for history in HISTORIES.values():
        assert draw_history(history).count(f"<style>{STYLE}</style>") == 1


def test_entities_events_and_agents_have_different_outlines_and_names_without_any_colour() -> None:
    root = etree.fromstring(draw_history(appeal_history()))
    outlines = {}
    for group in root.iter(f"{SVG}g"):
        parts = tuple(part.tag.removeprefix(SVG) for part in group if part.tag != f"{SVG}text")
        corners = str(group[0].get("d", "")).count("L")
        outlines.setdefault(group.get("class"), set()).add((parts, corners))
    assert {name: len(forms) for name, forms in outlines.items()} == {"entity": 1, "event": 1, "agent": 1}
    assert len({next(iter(forms)) for forms in outlines.values()}) == 3


def colour(text: str, name: str, attribute: str) -> str:
    """Return the last colour that a part of the style gives to a class."""
    found: list[str] = re.findall(rf"\.{name} \{{[^}}]*\b{attribute}: (#[0-9a-f]{{3,6}})", text)
    return found[-1]


def brightness(colour: str) -> float:
    """Return the relative luminance of a colour. Source: WCAG 2.2, relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(brightness, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("style", [STYLE.partition("@media screen")[0], STYLE], ids=["light", "dark"])
def test_texts_and_lines_stand_out_from_what_is_behind_them(style: str) -> None:
    (*_, text) = re.findall(r"text \{ fill: (#[0-9a-f]+)", style)
    paper = colour(style, "paper", "fill")
    backgrounds = [colour(style, f"{kind} .box", "fill") for kind in ("entity", "event", "agent")]
    for background in (*backgrounds, paper):
        assert contrast(text, background) >= 7
        assert contrast(colour(style, "heading", "fill"), background) >= 4.5
    for kind in ("entity", "event", "agent"):
        assert contrast(colour(style, f"{kind} .box", "stroke"), paper) >= 3
    assert contrast(colour(style, "line", "stroke"), paper) >= 4.5


def test_the_key_explains_what_the_drawing_has_and_nothing_else() -> None:
    keys = etree.fromstring(draw_history(smallest_history())).findall(f"{SVG}text")
    texts = " ".join(str(key.text) for key in keys)
    assert "is a form or copy" in texts
    assert "evidence" not in texts


def test_each_kind_of_line_has_its_own_dashes() -> None:
    dashes = re.findall(r"\.(part|copy|evidence) \{ stroke-dasharray: ([^;]+);", STYLE)
    assert len(dict(dashes)) == len({pattern for _, pattern in dashes}) == 3


def test_a_drawing_has_every_entity_and_event_and_every_role_of_an_agent() -> None:
    history = appeal_history()
    nodes = {node.id: node for node in history_graph(history, words_for("en")).nodes}
    assert nodes.keys() == {
        *(entity.id for entity in history.entities),
        *(f"event {event.id}" for event in history.events),
    }
    beside = [(name, label.heading, label.name) for name, node in nodes.items() for label in node.agents]
    assert ("document", "Author (attributed)", "Christian Rakovsky") in beside
    assert ("event custody-transfer", "Performed by", "OGPU") in beside
    assert ("balitsky-letter", "Addressee", "Joseph Staline") in beside


def test_a_rejected_author_is_not_drawn_beside_the_document_but_beside_the_claim() -> None:
    nodes = history_graph(sixty_entities(), words_for("en")).nodes
    beside = [node.label.heading for node in nodes for label in node.agents if label.name == "Leon Trotsky"]
    assert beside == ["Attribution"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Author (attributed)", "Russian"]), ("fr", ["Auteur (attribué)", "russe"]),
     ("ru", ["Автор (атрибуция)", "русский", "апрель 1932"])],
)  # fmt: skip
def test_a_drawing_speaks_the_language_that_is_asked_for(language: str, words: list[str]) -> None:
    text = draw_history(appeal_history(), language=language)
    assert [word for word in words if word not in text] == []


def test_characters_that_steer_a_reader_are_not_in_the_drawing() -> None:
    text = draw_history(many_scripts())
    assert not set(text) & set("\u202e\x1b\x00\ud800\uffff")
    assert "<script>" not in text
