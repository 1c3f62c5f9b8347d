"""The type of options and arguments that name a file or folder."""

from __future__ import annotations

from pathlib import Path

import click

ANY_PATH = click.Path(path_type=Path, readable=False)
"""A path that click does not check: archtool reports an unreadable one (exit code 3) and continues."""
