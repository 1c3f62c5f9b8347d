"""The one error boundary: turns every exception into a message and an exit code of `archtool.exit_codes`."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Sequence

import click

from archtool import __version__
from archtool.cli.terminal import interrupts, output
from archtool.errors import ArchtoolError, MaterialRefusedError, StorageError, UsageError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shown
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.report.result_json import finding_object

DEBUG_VARIABLE = "ARCHTOOL_DEBUG"
_CHOICE = re.compile(r"'([^']*)' is not one of (.*)")
_UNKNOWN_COMMAND = re.compile(r"No such command '([^']*)'")
_QUOTED = re.compile(r"'([^']*)'")
ERROR_SCHEMA = "archtool/error/1"


def guard(command: Callable[[], int | None], arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. No exception leaves this function as a traceback."""
    try:
        interrupts.install()
        return int(command() or 0)
    except KeyboardInterrupt as interrupt:
        interrupts.ignore()
        return _report_interrupt(interrupt)
    except output.ReaderGoneError:
        return ExitCode.SURROUNDINGS  # no message, as `head` expects; but never exit code 0
    except Exception as error:  # noqa: BLE001 - this is the boundary
        exit_code = _exit_code_of_click(error)
        if exit_code is not None:
            return exit_code
        known = _known_error(error)
        return _report_bug(error) if known is None else report_error(known, wants_json="--json" in arguments)
    finally:
        interrupts.remove()


def _report_interrupt(interrupt: BaseException | None) -> ExitCode:
    output.message(f"{output.PROGRAM}: interrupted; no incomplete output was left")
    for note in getattr(interrupt, "__notes__", ()):  # what the command knows about resuming it
        output.message(f"{output.PROGRAM}: hint: {note}")
    return ExitCode.INTERRUPTED


def _exit_code_of_click(error: Exception) -> ExitCode | None:
    """Return the exit code for a click exception that is no error: an abort, or a help text."""
    if isinstance(error, click.exceptions.Abort):
        return _report_interrupt(error.__cause__)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        output.message(error.ctx.get_help() if error.ctx else error.format_message())
        return ExitCode.USAGE
    return None


def _known_error(error: Exception) -> ArchtoolError | None:
    """Return the error as one of archtool's own; `None` for an unexpected exception, which is a bug."""
    if isinstance(error, ArchtoolError):
        return error
    if isinstance(error, click.ClickException):
        return _usage_error(error)
    if isinstance(error, ImportError) and not (error.name or "").startswith("archtool"):
        return StorageError(
            f"a module that archtool needs cannot be loaded: {error}",
            hint="free memory, disk space and open files; if the error comes again, reinstall archtool",
        )
    return _system_error(error) if isinstance(error, OSError) else None


def report_error(error: ArchtoolError, *, wants_json: bool) -> ExitCode:
    """Print an error, as a JSON object too if that is wanted; return its exit code."""
    if isinstance(error, MaterialRefusedError):
        output.findings(error.findings)
    if wants_json:
        with contextlib.suppress(OSError, output.ReaderGoneError):  # the message and the exit code remain
            output.json_line(_error_object(error))
    output.error(error)
    return error.exit_code


def _error_object(error: ArchtoolError) -> dict[str, object]:
    findings = error.findings if isinstance(error, MaterialRefusedError) else ()
    return {
        "schema": ERROR_SCHEMA,
        "exit_code": int(error.exit_code),
        "message": error.message,
        "hint": error.hint,
        "findings": [finding_object(finding) for finding in findings],
    }


def _usage_error(error: click.ClickException) -> UsageError:
    """Return click's message about a wrong command line in the form of archtool's messages."""
    message = error.format_message().strip().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else output.PROGRAM
    unknown = _unknown_name(error, message, context)
    if unknown is not None:
        what, name, known = unknown
        nearest = nearest_name(name, known)
        hint = did_you_mean(nearest) if nearest is not None else f"see: {path} --help"
        return UsageError(f"no such {what}: {name!r}", hint=hint)
    hint = _nearest_choice(message) or f"see: {path} --help"
    return UsageError(message[:1].lower() + message[1:], hint=hint)


def _unknown_name(
    error: click.ClickException, message: str, context: click.Context | None
) -> tuple[str, str, list[str]] | None:
    """Return what kind of name is unknown, the name, and those that are known; `None` for other errors."""
    if context is None:
        return None
    if isinstance(error, click.NoSuchOption):
        parameters = context.command.get_params(context)
        known = [name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts)]
        return "option", error.option_name, [name for name in known if name.startswith("--")]
    found = _UNKNOWN_COMMAND.match(message)
    if found is not None and isinstance(context.command, click.Group):
        return "command", found[1], context.command.list_commands(context)
    return None


def _nearest_choice(message: str) -> str | None:
    """Return a suggestion for a value that is not one of the choices of an option, from click's message."""
    given = _CHOICE.search(message)
    if given is None:
        return None
    nearest = nearest_name(given[1], _QUOTED.findall(given[2]))
    return did_you_mean(nearest) if nearest is not None else None


def _system_error(error: OSError) -> StorageError:
    where = f": {shown(os.fsdecode(error.filename))}" if isinstance(error.filename, str | bytes) else ""
    return StorageError(f"the operating system reports an error{where}: {error.strerror or error}")


def _report_bug(error: BaseException) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback  # lazy: 2 ms, only the report of a bug needs it

        output.message("".join(traceback.format_exception(error)).rstrip())
    output.message(
        f"{output.PROGRAM}: error: a bug in archtool {__version__}: {type(error).__name__}: {error}"
    )
    output.message(
        f"{output.PROGRAM}: hint: run the same command with {DEBUG_VARIABLE}=1, and report what it prints"
    )
    return ExitCode.BUG
