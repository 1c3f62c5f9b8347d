"""Opens pages in a real browser: chromium, without a window."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
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


def chromium(page: Path, *flags: str, query: str = "") -> subprocess.CompletedProcess[str]:
    """Open a page, with a query after its address; its console is in stderr."""
    assert CHROMIUM is not None
    profile = page.parent / "browser-profile"
    command = [
        CHROMIUM,
        *_FLAGS,
        f"--user-data-dir={profile}",
        "--enable-logging=stderr",
        *flags,
        page.as_uri() + query,
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


@dataclass(frozen=True)
class Violation:
    """A rule of axe-core that a page breaks, with the elements that break it."""

    rule: str
    elements: tuple[str, ...]


def _axe() -> Path | None:
    folder = os.environ.get("NODE_PATH")
    script = Path(folder or "") / "axe-core" / "axe.min.js"
    return script if folder and script.is_file() else None


AXE = _axe()
needs_axe = pytest.mark.skipif(CHROMIUM is None or AXE is None, reason="needs chromium and axe-core")
_RUN_AXE = """<script>{axe}</script><script>
axe.run(document, {{resultTypes: ["violations"]}}).then((found) => {{
  const kept = found.violations.map((v) => [v.id, v.nodes.map((n) => n.html + " " + n.failureSummary)]);
  document.documentElement.innerHTML = "<title></title>";
  document.title = "axe" + JSON.stringify({{violations: kept, passes: found.passes.length}});
}});
</script>"""


def violations(page: Path, width: int = 1280, *, is_dark: bool = False) -> list[Violation]:
    """Return what axe-core finds on a page, without its policy: that refuses axe-core itself."""
    assert AXE is not None
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
    if is_dark:
        text = text.replace("(prefers-color-scheme: dark)", "all")
    copy = page.with_name(f"axe-{page.name}")
    copy.write_text(text + _RUN_AXE.format(axe=AXE.read_text("utf-8")), encoding="utf-8")
    flags = (f"--window-size={width},1200", "--virtual-time-budget=60000", "--timeout=90000", "--dump-dom")
    found = re.search(r"<title>axe(\{.*?\})</title>", chromium(copy, *flags).stdout, re.DOTALL)
    assert found is not None, "axe-core did not end"
    result = json.loads(unescape(found[1]))
    assert result["passes"] > 0
    return [Violation(rule, tuple(elements)) for rule, elements in result["violations"]]


_ADDRESS = re.compile(r"(?:https?|wss?|ftp):")
_BROWSERS_OWN = re.compile(r"https?://(?:[a-z0-9-]+\.)*(?:google\.com|googleapis\.com|gvt1\.com)/")
"""What the browser itself asks for, whatever page is open; these names are not resolved."""


def requests(page: Path) -> list[str]:
    """Return the addresses that the browser asks for while a page is open, but for its own services."""
    log = page.with_suffix(".netlog.json")
    chromium(page, f"--log-net-log={log}", "--dump-dom")
    events = json.loads(log.read_text("utf-8"))["events"]
    asked = {event.get("params", {}).get("url", "") for event in events}
    return sorted(url for url in asked if _ADDRESS.match(url) and not _BROWSERS_OWN.match(url))
