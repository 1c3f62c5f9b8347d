"""`archtool config show`: prints what the variables and the configuration files set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from archtool.cli.options import common
from archtool.cli.options.configuration.config_keys import KEYS
from archtool.cli.options.configuration.config_place import (
    CONFIG_VARIABLE,
    find_config,
    find_project_config,
    user_config_path,
)
from archtool.cli.options.configuration.settings import Setting, all_settings
from archtool.cli.terminal import output
from archtool.files.paths import shown
from archtool.report.result_json import result_object
from archtool.report.text.columns import pad, text_width
from archtool.results import Result

RESULT_SCHEMA = "archtool/config/1"
_NO_FILE = "none"


@click.command("show")
@click.option("--origin", "with_origin", is_flag=True, help="Also print where each value comes from.")
@common.json_option
def command(*, with_origin: bool, as_json: bool) -> int:
    """Print every value that counts if the command line says nothing.

    \b
    archtool config show --origin

    What nothing sets is in brackets: what counts then.
    """  # noqa: D301 - `\b` keeps the lines
    settings = all_settings()
    if as_json:
        facts = {"files": _files(), "settings": [_setting_object(setting) for setting in settings]}
        output.json_line(result_object(Result(RESULT_SCHEMA, "the configuration", (), {}, facts)))
    else:
        output.lines(_format(settings, with_origin=with_origin))
    return 0


def _files() -> dict[str, str | None]:
    """Return the configuration files that exist, and where the user's own belongs."""
    return {
        "project": find_project_config(),
        "user": find_config(),
        "user_default": user_config_path(),
    }


def _setting_object(setting: Setting) -> dict[str, object]:
    value = setting.value
    plain = [str(one) for one in value] if isinstance(value, tuple) else value
    return {
        "key": setting.key,
        "value": plain if isinstance(plain, int | list | None) else str(plain),
        "origin": setting.origin,
    }


def _format(settings: Sequence[Setting], *, with_origin: bool) -> Iterator[str]:
    files = _files()
    yield f"project file:  {shown(files['project'] or _NO_FILE)}"
    own = files["user"]
    missing = f"{_NO_FILE} ({CONFIG_VARIABLE}, or {files['user_default']})"
    yield f"your own file: {shown(own or missing)}"
    yield ""
    key_width = max(map(len, KEYS))
    texts = [setting.shown if setting.value is not None else f"({setting.shown})" for setting in settings]
    value_width = max(map(text_width, texts))
    for setting, text in zip(settings, texts, strict=True):
        line = f"{setting.key:<{key_width}}  "
        yield line + (f"{pad(text, value_width)}  {setting.origin}" if with_origin else text)
