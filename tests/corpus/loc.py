"""What the Library of Congress `bagit` library says of many bags: one process, each bag with its own alarm.

`python -P loc.py` reads pairs of a folder and a number of seconds, as JSON, and prints the answers.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ANSWERS = {True: "valid", False: "invalid", None: "crashes"}


class OutOfPatienceError(BaseException):
    """Not an `Exception`: what catches those must not catch this."""


def ask_loc(bags: Sequence[tuple[Path, float]], timeout_seconds: float = 120) -> list[str]:
    """Ask about each bag: `valid`, `invalid`, `crashes`, or `hangs` after so many seconds."""
    questions = json.dumps([(str(bag), patience) for bag, patience in bags])
    run = subprocess.run(
        [sys.executable, "-P", __file__],
        input=questions.encode(),
        capture_output=True,
        timeout=timeout_seconds,
        check=True,
    )
    answers: list[str] = json.loads(run.stdout)
    return answers


def _answer(bag: str, patience_seconds: float) -> str:
    from archtool.bagit.loc_opinion import main

    signal.setitimer(signal.ITIMER_REAL, patience_seconds)
    try:
        return ANSWERS[json.loads(main(bag))["is_valid"]]
    except OutOfPatienceError:
        return "hangs"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise OutOfPatienceError


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _give_up)
    sys.stdout.write(json.dumps([_answer(bag, patience) for bag, patience in json.load(sys.stdin)]))
