"""The drawing in a real browser: each text is inside its box, nothing is complained about."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archtool.provenance.model import History
from archtool.report.provenance.drawing import draw_history
from browsers import chromium, complaints, needs_chromium
from unit.provenance.rakovsky_case import appeal_history
from unit.report.provenance.histories import many_scripts, sixty_entities

_PAGE = """<!doctype html><meta charset="utf-8"><title></title><body style="margin: 0">{drawing}
<script>
const found = [];
for (const group of document.querySelectorAll("svg g")) {{
  const shape = group.querySelector(".box").getBBox();
  for (const text of group.querySelectorAll("text")) {{
    const box = text.getBBox();
    if (box.x < shape.x || box.x + box.width > shape.x + shape.width ||
        box.y < shape.y || box.y + box.height > shape.y + shape.height)
      found.push(text.textContent);
  }}
}}
const svg = document.querySelector("svg").getBBox(), view = document.querySelector("svg").viewBox.baseVal;
document.title = JSON.stringify({{
  outside: found, texts: document.querySelectorAll("svg text").length,
  fits: svg.x >= 0 && svg.y >= 0 && svg.width <= view.width && svg.height <= view.height}});
</script>"""
HISTORIES = {"1932": appeal_history(), "sixty": sixty_entities(), "scripts": many_scripts()}


@needs_chromium
@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_every_text_is_inside_its_box_in_a_browser(tmp_path: Path, history: History, language: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(_PAGE.format(drawing=draw_history(history, language=language)), encoding="utf-8")
    dom = chromium(page, "--dump-dom").stdout
    title = re.search(r"<title>(\{.*?\})</title>", dom)
    assert title is not None
    measured = json.loads(title[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert measured["texts"] > 20
    assert measured["outside"] == []
    assert measured["fits"]


@needs_chromium
def test_a_drawing_alone_is_opened_without_complaint(tmp_path: Path) -> None:
    file = tmp_path / "history.svg"
    file.write_text(draw_history(many_scripts()), encoding="utf-8")
    assert complaints(file) == []
