"""`archtool doctor`: checks the machine, and names the line that mends what is wrong."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from archtool.cli.options import clock, common
from archtool.cli.options.configuration.settings import Setting, all_settings
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.terminal import output
from archtool.errors import ArchtoolError
from archtool.operations.doctor.examine import examine, exit_code_of_checks, worst_state
from archtool.operations.doctor.model import Check, State, Surroundings, Terminal, failed
from archtool.report.numbers import counted
from archtool.report.result_json import result_object
from archtool.report.text.batch import Line, Style
from archtool.report.text.page import wrap
from archtool.results import Result

RESULT_SCHEMA = "archtool/doctor/1"
_TRUST_OPTIONS = ("trust", "revoked", "tsa-roots", "policy")
_STYLES = {State.PASS: Style.QUIET, State.WARN: Style.PLAIN, State.FAIL: Style.BAD}
_REMEDY_INDENT = 8


@click.command("doctor")
@click.option(
    "--key", "keys", multiple=True, type=ANY_PATH, metavar="FILE",
    help="Check this private key too, besides those in ~/.ssh; repeatable.",
)  # fmt: skip
@common.json_option
def command(keys: tuple[Path, ...], *, as_json: bool) -> int:
    """Check this machine: what archtool needs is here, or which line mends it.

    \b
    archtool doctor
    archtool doctor --key archivist-key --json

    It looks at Python, the libraries, OpenSSH, keys and trust files and who can read or change them, the
    clock, disk space, the register, the terminal and the configuration. Nothing is changed, the network is
    not used, and passwords are masked. Exit code 5: something would make commands fail.
    """  # noqa: D301 - `\b` keeps the lines
    settings, problems = _settings()
    checks = (*problems, *examine(_surroundings(keys, settings)))
    if as_json:
        output.json_line(_object(checks))
    else:
        output.styled_lines(_format(checks, output.width()))
    return exit_code_of_checks(checks)


def _settings() -> tuple[tuple[Setting, ...], tuple[Check, ...]]:
    """Return what the configuration sets; a faulty one is a failed check, and the others still run."""
    try:
        return all_settings(), ()
    except ArchtoolError as error:
        return (), (failed("settings", error.message, error.hint),)


def _surroundings(keys: tuple[Path, ...], settings: tuple[Setting, ...]) -> Surroundings:
    values = {setting.key: setting for setting in settings if setting.value is not None}
    trust = {key: Path(str(values[key].value)) for key in _TRUST_OPTIONS if key in values}
    register = Path(str(values["register"].value)) if "register" in values else None
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - without a home folder, `~` stays as it is
    return Surroundings(
        environment=os.environ,
        now=clock.now(),
        folder=Path.cwd(),
        home=home if home.is_absolute() else None,
        terminal=_terminal(),
        register=register,
        trust_files=trust,
        keys=keys,
        configuration=tuple(f"{s.key} = {s.shown}, from {s.origin}" for s in values.values()),
    )


def _terminal() -> Terminal:
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "")
    columns = output.window_columns() if output.is_data_shown() else None
    return Terminal(output.ENCODING, sys.getfilesystemencoding(), locale, columns)


def _object(checks: tuple[Check, ...]) -> dict[str, object]:
    facts = [
        {"area": check.area, "state": check.state.value, "message": check.message, "remedy": check.remedy}
        for check in checks
    ]
    result = Result(
        RESULT_SCHEMA, "this machine", (), {"surroundings": worst_state(checks).value}, {"checks": facts}
    )
    return {**result_object(result), "exit_code": int(exit_code_of_checks(checks))}


def _format(checks: tuple[Check, ...], width: int) -> Iterator[Line]:
    area = ""
    for check in checks:
        if check.area != area:
            area = check.area
            yield Line(area)
        for line in wrap(check.message, width, f"  {check.state.value}  ", hanging=_REMEDY_INDENT):
            yield Line(line, _STYLES[check.state])
        if check.remedy and check.state is State.PASS:
            yield Line(f"{' ' * _REMEDY_INDENT}to have it: {check.remedy}", _STYLES[check.state])
        elif check.remedy:  # never broken into lines: it is copied
            yield Line(f"{' ' * _REMEDY_INDENT}mend: {check.remedy}", _STYLES[check.state])
    counts = Counter(check.state for check in checks)
    warnings = counted(counts[State.WARN], "warning")
    yield Line(f"{counted(len(checks), 'check')} · {counts[State.FAIL]} failed · {warnings}")
