"""Mermaid and Graphviz read what archtool writes for them, and find every thing and every relation."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archtool.exports.provenance.dot import format_dot
from archtool.exports.provenance.mermaid import format_mermaid
from archtool.exports.provenance.relations import named_relations
from archtool.provenance.model import History
from unit.provenance.rakovsky_case import appeal_history, smallest_history
from unit.report.provenance.histories import circular, many_scripts, sixty_entities

READER = Path(__file__).with_name("mermaid_reader.js")
NODE_PATH = os.environ.get("NODE_PATH", "")
"""The folder of the npm packages mermaid and jsdom; `.ci/run` installs them."""
needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="needs graphviz")
needs_mermaid = pytest.mark.skipif(
    shutil.which("node") is None or not (Path(NODE_PATH) / "mermaid").is_dir() or not NODE_PATH,
    reason="needs node, and mermaid in NODE_PATH",
)
HISTORIES = {
    "case of 1932": appeal_history(),
    "smallest": smallest_history(),
    "sixty": sixty_entities(),
    "circular": circular(),
    "many scripts": many_scripts(),
}
_ENTITY_CODE = re.compile("ﬂ°°(\\d+)¶ß")  # how Mermaid keeps `#40;` until it draws


def things(history: History) -> int:
    return len(history.entities) + len(history.events) + len(history.agents)


@needs_graphviz
@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_graphviz_finds_every_thing_and_every_relation(history: History) -> None:
    graph = graphviz(history)
    assert len(graph["objects"]) == things(history)
    names = {node["_gvid"]: node["name"] for node in graph["objects"]}
    found = Counter((names[edge["tail"]], names[edge["head"]]) for edge in graph.get("edges", ()))
    assert found == Counter((one.source, one.target) for one in named_relations(history))


@needs_graphviz
def test_graphviz_reads_labels_as_they_were_written() -> None:
    labels = [node["label"].replace("\\n", " ") for node in graphviz(many_scripts())["objects"]]
    assert "annexe: <script>alert(1)</script> & \"quotes\" 'and' ]]>" in labels
    assert "annexe: Письмо Центрального комитета ко всем секциям Широкий Ющенко" in labels


def graphviz(history: History) -> dict[str, Any]:
    run = subprocess.run(
        ["dot", "-Tjson0"], input=format_dot(history).encode(), capture_output=True, check=True
    )
    graph: dict[str, Any] = json.loads(run.stdout)
    return graph


@needs_mermaid
@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_mermaid_finds_every_thing_and_every_relation(history: History) -> None:
    graph = mermaid(history)
    ids = {name: f"n{number}" for number, name in enumerate(history.labels(), 1)}
    assert len(graph["nodes"]) == things(history)
    found = Counter((edge["start"], edge["end"]) for edge in graph["edges"])
    assert found == Counter((ids[one.source], ids[one.target]) for one in named_relations(history))


@needs_mermaid
def test_mermaid_gives_entities_events_and_agents_different_shapes() -> None:
    history = appeal_history()
    shapes = Counter(node["type"] for node in mermaid(history)["nodes"])
    assert shapes == {
        "square": len(history.entities), "hexagon": len(history.events), "stadium": len(history.agents)
    }  # fmt: skip


@needs_mermaid
def test_mermaid_reads_labels_as_they_were_written() -> None:
    texts = [node["text"] for node in mermaid(many_scripts())["nodes"]]
    plain = [_ENTITY_CODE.sub(lambda code: chr(int(code[1])), text) for text in texts]
    assert "annexe: <script>alert(1)</script> & \"quotes\" 'and' ]]>" in plain
    assert "annexe: Письмо Центрального комитета ко всем секциям Широкий Ющенко" in plain


def mermaid(history: History) -> dict[str, Any]:
    run = subprocess.run(
        ["node", READER], input=format_mermaid(history).encode(), capture_output=True, check=True
    )
    graph: dict[str, Any] = json.loads(run.stdout)
    return graph
