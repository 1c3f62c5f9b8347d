"""Runs all checks of the surroundings, in the order in which a person would mend what they find."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.operations.doctor import clock, key_files, libraries, openssh_programs, platform_gaps, storage
from archtool.operations.doctor import terminal as terminal_checks
from archtool.operations.doctor.model import Check, State, Surroundings


def examine(surroundings: Surroundings) -> tuple[Check, ...]:
    """Return the result of every check; none of them changes anything or uses the network."""
    return (
        *libraries.check_python(),
        *libraries.check_libraries(),
        *libraries.check_optional_parts(),
        *openssh_programs.check_openssh(surroundings),
        *key_files.check_keys(surroundings),
        *key_files.check_trust_files(surroundings),
        *clock.check_clock(surroundings),
        *storage.check_storage(surroundings),
        *storage.check_register(surroundings),
        *terminal_checks.check_terminal(surroundings),
        *platform_gaps.check_platform(),
        *terminal_checks.check_variables(surroundings),
    )


def worst_state(checks: tuple[Check, ...]) -> State:
    """Return FAIL if any check failed, else WARN if any warned, else PASS."""
    states = {check.state for check in checks}
    return next((state for state in (State.FAIL, State.WARN) if state in states), State.PASS)


def exit_code_of_checks(checks: tuple[Check, ...]) -> ExitCode:
    """Return the exit code: a failure of the surroundings is 5, warnings are 0."""
    return ExitCode.SURROUNDINGS if worst_state(checks) is State.FAIL else ExitCode.DONE
