"""The formats of archives that archtool writes; a separate module, since option parsing imports it."""

from __future__ import annotations

FORMATS = ("tar", "zip")
