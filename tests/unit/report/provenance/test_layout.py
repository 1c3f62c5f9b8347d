"""The places of boxes and lines: nothing overlaps, no line crosses a box, everything is joined."""

from __future__ import annotations

import random

import pytest

from archtool.provenance.model import History
from archtool.report.provenance.history_graph import history_graph
from archtool.report.provenance.layout.arrange import arrange
from archtool.report.provenance.layout.boxes import MAX_TEXT_CHARACTERS
from archtool.report.provenance.layout.circles import without_circles
from archtool.report.provenance.layout.condense import MAX_AGENTS, MAX_NODES, JoinedWords, condense
from archtool.report.provenance.layout.graph import Edge, Graph, Label, Node, Relation, Shape
from archtool.report.provenance.layout.picture import Picture
from archtool.report.provenance.layout.text_width import text_width
from archtool.report.provenance.words.choice import words_for
from unit.provenance.rakovsky_case import appeal_history, smallest_history
from unit.report.provenance import geometry
from unit.report.provenance.histories import (
    circular,
    many_scripts,
    same_id_twice,
    sixty_entities,
    ten_thousand_pages,
)

HISTORIES = {
    "case of 1932": appeal_history(),
    "smallest": smallest_history(),
    "sixty entities": sixty_entities(),
    "many scripts": many_scripts(),
    "circular": circular(),
    "same id twice": same_id_twice(),
    "empty": History("nothing"),
}


WORDS = JoinedWords("{count} of this kind", "{count} of this kind, which differ")


def graph_of(history: History, language: str = "en") -> Graph:
    return history_graph(history, words_for(language))


def random_graph(seed: int) -> Graph:
    """Return a graph of boxes with random sizes, agents and relations, circles among them."""
    chance = random.Random(seed)  # noqa: S311 - the same graph in each run
    count = chance.randrange(2, 70)
    nodes = [
        Node(
            f"n{number}",
            chance.choice((Shape.ENTITY, Shape.EVENT)),
            Label("kind", "word " * chance.randrange(1, 40)),
            tuple(Label("role", f"agent {n}") for n in range(chance.choice((0, 0, 0, 1, 2, 5)))),
        )
        for number in range(count)
    ]
    edges = [
        Edge(
            f"n{chance.randrange(count)}",
            f"n{chance.randrange(count)}",
            chance.choice(list(Relation)),
            marks_source=chance.random() < 0.3,
        )
        for _ in range(chance.randrange(3 * count))
    ]
    return Graph(tuple(nodes), tuple(edges))


def assert_nothing_touches(picture: Picture) -> None:
    assert geometry.overlapping_boxes(picture) == []
    assert geometry.lines_through_boxes(picture) == []
    assert geometry.lines_upon_each_other(picture) == []
    assert list(geometry.slanting_parts(picture)) == []
    assert geometry.outside(picture) == []


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_no_boxes_overlap_and_no_line_crosses_a_box(history: History) -> None:
    assert_nothing_touches(arrange(graph_of(history)))


@pytest.mark.parametrize("seed", range(24))
def test_nothing_overlaps_in_any_graph(seed: int) -> None:
    assert_nothing_touches(arrange(random_graph(seed)))


@pytest.mark.parametrize("seed", range(8))
def test_every_relation_has_a_line_that_reaches_both_boxes(seed: int) -> None:
    graph = random_graph(seed)
    picture = arrange(graph)
    joined = {(line.relation, frozenset(line.ends)) for line in picture.lines}
    for edge in without_circles(graph):
        assert any(
            relation is edge.relation and {edge.source, edge.target} <= ends for relation, ends in joined
        )
    boxes = {box.node: box for box in reversed(picture.boxes)}
    for line in picture.lines:
        points = {point for segment in line.segments for point in segment}
        for name in line.ends if line.relation is not None else ():
            box = boxes[name]
            assert any(y in (box.y, box.bottom) and box.x < x < box.right for x, y in points)


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_every_line_of_text_is_inside_its_box_by_its_estimated_width(history: History) -> None:
    for box in arrange(graph_of(history)).boxes:
        for line in box.lines:
            half = text_width(line.text, line.size) / 2
            assert line.x - half >= 0, line.text
            assert line.x + half <= box.width, line.text
            assert line.size <= line.y <= box.height


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_no_word_of_a_label_is_lost(language: str) -> None:
    graph = graph_of(sixty_entities(), language)
    labels = [label for node in graph.nodes for label in (node.label, *node.agents)]
    boxes = arrange(graph).boxes
    assert len(boxes) == len(labels)
    for box, label in zip(boxes, labels, strict=True):
        drawn = "".join(line.text for line in box.lines)
        whole = "".join((label.heading, label.name, *label.details))
        assert drawn.replace(" ", "") == whole.replace(" ", "")


def test_a_title_of_any_length_gives_a_box_of_limited_height() -> None:
    label = Label("Document", "x" * 100_000)
    (box,) = arrange(Graph((Node("n", Shape.ENTITY, label),), ())).boxes
    drawn = "".join(line.text for line in box.lines)
    assert drawn.endswith("…")
    assert len(drawn) < MAX_TEXT_CHARACTERS + 20
    assert box.height < 800


def test_sixty_entities_are_drawn_no_wider_than_a_window() -> None:
    history = sixty_entities()
    assert len(history.entities) == 60
    assert arrange(graph_of(history)).width < 1280


def test_the_original_stands_above_what_was_made_from_it() -> None:
    tops = {box.node: box.y for box in reversed(arrange(graph_of(appeal_history())).boxes)}
    assert tops["document"] < tops["translation"] < tops["text"] < tops["package"]


def test_a_large_history_is_drawn_with_boxes_for_many_things_that_say_how_many() -> None:
    graph = condense(graph_of(ten_thousand_pages()), WORDS)
    assert len(graph.nodes) <= 4
    details = [detail for node in graph.nodes for detail in node.label.details]
    assert details.count("10000 of this kind") == 2
    assert_nothing_touches(arrange(graph))


def test_a_history_with_little_in_common_is_condensed_as_well() -> None:
    nodes = tuple(
        Node(f"n{n}", Shape.ENTITY, Label("File", f"{n}"), (Label("author", f"{n}"),)) for n in range(500)
    )
    edges = tuple(Edge(f"n{n}", f"n{n + 1}", Relation.FLOW) for n in range(499))
    assert len(condense(Graph(nodes, edges), WORDS).nodes) <= MAX_NODES


def test_a_history_with_more_kinds_of_events_than_boxes_is_condensed_as_well() -> None:
    nodes = tuple(
        Node(f"n{n}", Shape.EVENT, Label(f"Event · {chr(0x4E00 + n)}", "name")) for n in range(5000)
    )
    assert len(condense(Graph(nodes, ()), WORDS).nodes) == 1


def test_a_small_history_is_not_condensed() -> None:
    graph = graph_of(sixty_entities())
    assert condense(graph, WORDS) == graph


def test_a_letter_with_a_thousand_addressees_has_few_boxes_that_say_how_many() -> None:
    addressees = tuple(Label("Addressee", f"Section {n}") for n in range(1000))
    node = Node("letter", Shape.ENTITY, Label("Document", "Circular"), addressees)
    (condensed,) = condense(Graph((node,), ()), WORDS).nodes
    assert len(condensed.agents) == MAX_AGENTS
    assert condensed.agents[-1] == Label("Addressee", "Section 29 … Section 999", ("971 of this kind",))


def test_things_of_one_kind_that_differ_are_joined_with_a_word_about_it() -> None:
    nodes = tuple(
        Node(f"n{n}", Shape.ENTITY, Label("Letter", f"{n}"), (Label("Author", f"{n}"),)) for n in range(200)
    )
    (joined,) = condense(Graph(nodes, ()), WORDS).nodes
    assert joined.label == Label("Letter", "0 … 199", ("200 of this kind, which differ",))
    assert joined.agents == ()
