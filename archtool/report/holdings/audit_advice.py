"""Says what to do about the copies and shelves that an audit found not in order."""

from __future__ import annotations

from typing import NamedTuple

from archtool.files.paths import shell_word, shown
from archtool.holdings.audit_report import AbsentShelf, FailedCopy
from archtool.holdings.copy_state import CopyState
from archtool.report.holdings.commands import move_command, repair_command, update_command
from archtool.report.text.page import one_line

_REPAIRABLE = (CopyState.CHANGED, CopyState.MISSING, CopyState.ATTESTATIONS_CUT_OFF)


class Advice(NamedTuple):
    """What to do: a sentence, a command or several lines of them, or both."""

    text: str = ""
    command: str = ""


def advice_for(failure: FailedCopy) -> Advice:
    """Return what to do about a copy."""
    name = shell_word(failure.holding)
    if failure.found_at is not None:
        old = None if failure.is_only_copy else failure.place
        return Advice(command=move_command(failure.holding, failure.found_at, old))
    if failure.is_replaced:
        return _replaced_advice(failure)
    if failure.state in _REPAIRABLE:
        return _repair_advice(failure)
    if failure.state is CopyState.UNREADABLE:
        text = f"check the disk and the permissions of {shown(failure.place)}, then run:"
        return Advice(text, f"archtool audit --holding {name}")
    return Advice(command=f"archtool verify {shell_word(failure.place)}")


def _repair_advice(failure: FailedCopy) -> Advice:
    name = shell_word(failure.holding)
    if failure.good_copy is not None:
        return Advice(command=repair_command(failure.holding))
    if failure.other_copy is not None:
        text = f"check the other copy, {shown(failure.other_copy)}: nothing is known about it"
        return Advice(text, f"archtool audit --holding {name}")
    if failure.lost is not None:
        text = f"no other copy has it: look for {one_line(failure.lost.partition(' ')[0])} in backups"
        return Advice(
            f"{text}; to give it up on the record, run:", update_command(failure.holding, failure.place)
        )
    return Advice(f"find another copy of {name}: the register knows none that is in order")


def _replaced_advice(failure: FailedCopy) -> Advice:
    """Return the advice for other manifests: a repair would undo a new version that was meant."""
    update = update_command(failure.holding, failure.place)
    if failure.good_copy is None:
        rest = "if not, find another copy: the register knows none that is in order"
        return Advice(f"was the new content meant? If so, run this command; {rest}", update)
    text = "was the new content meant? If so, run the first command, if not, the second:"
    return Advice(text, f"{update}\n{repair_command(failure.holding)}")


def shelf_advice(shelf: AbsentShelf) -> Advice:
    """Return what to do about a shelf that is not there."""
    place = shown(shelf.shelf)
    first = f"connect or mount {place}"
    if shelf.is_closed:
        first = f"check the disk of {place}, and give yourself the right to read and enter the folder"
    return Advice(f"{first}, then run:", f"archtool audit --all --shelf {shell_word(shelf.shelf)}")
