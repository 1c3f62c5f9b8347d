"""Validates many bags with the Library of Congress `bagit` library: one process, a time limit for each bag.

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


class TimeLimitError(BaseException):
    """The time limit has passed; not an `Exception`, so that a handler for those does not catch it."""


def validate_with_loc(bags: Sequence[tuple[Path, float]], timeout_seconds: float = 120) -> list[str]:
    """Return the answer for each bag: `valid`, `invalid`, `crashes`, or `hangs` after its limit."""
    questions = json.dumps([(str(bag), limit_seconds) for bag, limit_seconds in bags])
    run = subprocess.run(
        [sys.executable, "-P", __file__],
        input=questions.encode(),
        capture_output=True,
        timeout=timeout_seconds,
        check=True,
    )
    answers: list[str] = json.loads(run.stdout)
    return answers


def _answer(bag: str, limit_seconds: float) -> str:
    from archtool.bagit.loc_opinion import main

    signal.setitimer(signal.ITIMER_REAL, limit_seconds)
    try:
        return ANSWERS[json.loads(main(bag))["is_valid"]]
    except TimeLimitError:
        return "hangs"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TimeLimitError


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, _stop)
    sys.stdout.write(json.dumps([_answer(bag, limit_seconds) for bag, limit_seconds in json.load(sys.stdin)]))
