"""Opens pages in a real browser: chromium, without a window."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
_FRAME = """<!doctype html><title></title>
<iframe width={width} height=2000 style="border: 0" srcdoc="{page}"></iframe>
<script>onload = () => {{
  const frame = document.querySelector("iframe").contentWindow, page = frame.document;
  document.title = JSON.stringify({{
    window: frame.innerWidth, page: page.documentElement.scrollWidth,
    font: frame.getComputedStyle(page.body).fontFamily}});
}}</script>"""
"""A page that shows another one in a frame, because a window of the browser has at least 500 pixels."""


@dataclass(frozen=True)
class Layout:
    """How a page is laid out in a window."""

    window: int
    page: int
    """Wider than the window if a reader must scroll sideways."""
    font: str


def chromium(page: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Open a page; its console is in stderr."""
    assert CHROMIUM is not None
    profile = page.parent / "browser-profile"
    command = [
        CHROMIUM,
        *_FLAGS,
        f"--user-data-dir={profile}",
        "--enable-logging=stderr",
        *flags,
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)


def complaints(page: Path) -> list[str]:
    """Return what the browser writes to its console: what the policy of the page refuses, scripts' errors."""
    log = chromium(page, "--dump-dom").stderr
    return [line for line in log.splitlines() if "CONSOLE" in line]


def layout(page: Path, width: int) -> Layout:
    """Measure a page in a frame of this width; the policy of the page stays in force."""
    outer = page.with_name(f"measured-{width}.html")
    outer.write_text(_FRAME.format(width=width, page=escape(page.read_text("utf-8"))), encoding="utf-8")
    dom = chromium(outer, "--window-size=1600,2200", "--dump-dom").stdout
    found = re.search(r"<title>(\{.*?\})</title>", dom)
    assert found is not None
    return Layout(**json.loads(found[1]))


def print_page(page: Path) -> Path:
    """Print a page into a PDF file."""
    target = page.with_suffix(".pdf")
    chromium(page, "--no-pdf-header-footer", f"--print-to-pdf={target}")
    return target
