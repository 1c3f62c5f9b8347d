"""The one error boundary: every exception becomes a message and an exit code of `archtool.errors`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence

from archtool import __version__
from archtool.cli.terminal import interrupts, output
from archtool.errors import ArchtoolError, MaterialRefusedError, StorageError, UsageError
from archtool.exit_codes import ExitCode

DEBUG_VARIABLE = "ARCHTOOL_DEBUG"
ERROR_SCHEMA = "archtool/error/1"


def guard(command: Callable[[], int | None], arguments: Sequence[str]) -> int:
    """Run a command and say how it ended. Nothing passes this point as a traceback."""
    try:
        interrupts.listen()
        return int(command() or 0)
    except KeyboardInterrupt:
        interrupts.ignore()
        return _interrupted()
    except output.ReaderGoneError:
        return ExitCode.SURROUNDINGS  # without a word, as `head` expects; but never "nothing wrong"
    except Exception as error:  # noqa: BLE001 - this is the boundary
        ended = _ended_by_click(error)
        if ended is not None:
            return ended
        known = _known(error)
        return _bug(error) if known is None else _report(known, wants_json="--json" in arguments)
    finally:
        interrupts.forget()


def _interrupted() -> ExitCode:
    output.message(f"{output.PROGRAM}: interrupted; nothing half-made was left")
    return ExitCode.INTERRUPTED


def _ended_by_click(error: Exception) -> ExitCode | None:
    """What click raises that is no error. Only where it was imported: not every command needs it."""
    if "click" not in sys.modules:
        return None
    import click

    if isinstance(error, click.exceptions.Abort):
        return _interrupted()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        output.message(error.ctx.get_help() if error.ctx else error.format_message())
        return ExitCode.USAGE
    return None


def _known(error: Exception) -> ArchtoolError | None:
    """The error in archtool's own words; `None` where nobody thought of it: a bug."""
    if isinstance(error, ArchtoolError):
        return error
    usage = _usage_error(error)
    if usage is not None:
        return usage
    if isinstance(error, ImportError) and not (error.name or "").startswith("archtool"):
        return StorageError(
            f"something that archtool needs cannot be loaded: {error}",
            hint="free memory, disk space and open files; if it comes again, install archtool again",
        )
    return _surroundings(error) if isinstance(error, OSError) else None


def _report(error: ArchtoolError, *, wants_json: bool) -> int:
    if isinstance(error, MaterialRefusedError):
        output.findings(error.findings)
    if wants_json:
        with contextlib.suppress(OSError, output.ReaderGoneError):  # the message and the exit code are left
            output.json_line(_error_object(error))
    output.error(error)
    return error.exit_code


def _error_object(error: ArchtoolError) -> dict[str, object]:
    from archtool.report.result_json import finding_object

    findings = error.findings if isinstance(error, MaterialRefusedError) else ()
    return {
        "schema": ERROR_SCHEMA,
        "exit_code": int(error.exit_code),
        "message": error.message,
        "hint": error.hint,
        "findings": [finding_object(finding) for finding in findings],
    }


def _usage_error(error: Exception) -> UsageError | None:
    """What click says of a wrong command line, in our form."""
    if "click" not in sys.modules:
        return None
    import click

    if not isinstance(error, click.ClickException):
        return None
    message = error.format_message().strip().rstrip(".")
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else output.PROGRAM
    return UsageError(message[:1].lower() + message[1:], hint=f"see: {path} --help")


def _surroundings(error: OSError) -> StorageError:
    from archtool.files.paths import shown

    where = f": {shown(os.fsdecode(error.filename))}" if isinstance(error.filename, str | bytes) else ""
    return StorageError(f"the system refused{where}: {error.strerror or error}")


def _bug(error: BaseException) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        output.message("".join(traceback.format_exception(error)).rstrip())
    output.message(
        f"{output.PROGRAM}: error: a bug in archtool {__version__}: {type(error).__name__}: {error}"
    )
    output.message(
        f"{output.PROGRAM}: hint: please report it with the output of the same command "
        f"under {DEBUG_VARIABLE}=1"
    )
    return ExitCode.BUG
