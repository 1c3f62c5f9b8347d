"""Runs fuzz cases: a seed bag, some changes, archtool's verdict, and an independent check of validity."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.exit_codes import ExitCode
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.verify import VerifyRequest, verify
from archtool.report.result_json import result_object
from archtool.results import Result
from fuzz import line_mutators, other_mutators
from fuzz.folder import Folders, write_folder
from fuzz.oracle import why_not_valid
from fuzz.seeds import Seed, seeds, signed_seed
from packages import tree_bytes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMIT_SECONDS = 10.0  # a bag of ten small files
MAX_CHANGES = 4
SIGNED_ONE_IN = 50  # it takes about ten times as long
# findings with which archtool accepts a name that is not written correctly
_TAKEN_FOR_ANOTHER = {"name.unicode-form", "manifest.name-not-encoded", "manifest.md5sum-form"}

Mutator = Callable[[Random, Folders], None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of one case besides its verdict."""

    faults: tuple[str, ...] = ()
    refused: str | None = None
    """Why archtool refused a bag that other programs accept: no fault, but counted."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of input to change and verify: how it is made, written to disk and judged."""

    make: Callable[[Random, Seed], Any]
    write: Callable[[Path, Any], object]
    why_not_valid: Callable[..., str | None]
    read: Callable[[Path], Mapping[str, bytes]] = tree_bytes
    """Reads every file of the bag, without archtool."""
    use: Callable[[Path], Any] = lambda _: None
    """Does further work with it, within the same time limit."""
    judge: Callable[[Path, Result, Any], Judgement] = lambda *_: Judgement()
    """Judges the result of that work."""


def change_folder(random: Random, start: Seed) -> Folders:
    """Make some changes to a bag, and then perhaps correct its digests."""
    items = dict(start.items)
    for _ in range(random.randint(1, MAX_CHANGES)):
        random.choice(MUTATORS)(random, items)
    if random.random() < 0.6:
        line_mutators.make_digests_right(items, tag_only=random.random() < 0.7)
    return items


MUTATORS: tuple[Mutator, ...] = (
    line_mutators.change_lines, line_mutators.change_lines, line_mutators.change_lines,
    line_mutators.change_a_line_end, line_mutators.change_encoding, line_mutators.change_oxum,
    line_mutators.change_version,
    line_mutators.rename_in_manifests, line_mutators.rename_everywhere,
    line_mutators.rename_everywhere, other_mutators.change_bytes, other_mutators.add_file,
    other_mutators.remove_file, other_mutators.empty_file, other_mutators.rename_file,
    other_mutators.swap_files, other_mutators.replace_by_something_else,
)  # fmt: skip
FOLDERS = Subject(make=change_folder, write=write_folder, why_not_valid=why_not_valid)


@dataclass(slots=True)
class VerifyTotals:
    """The results of many cases."""

    verdicts: dict[str, int] = field(default_factory=dict)
    crashes: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    """Cases that were wrongly called valid or trusted."""
    refused: Counter[str] = field(default_factory=Counter)
    """The number of refused cases that other programs accept, by reason."""
    examples: dict[str, int] = field(default_factory=dict)
    """The first case for each of these reasons."""
    slowest: tuple[float, int] = (0.0, 0)

    @property
    def cases(self) -> int:
        return sum(self.verdicts.values()) + len(self.crashes)

    def add(self, other: VerifyTotals) -> None:
        """Add the counts of another process."""
        for verdict, count in other.verdicts.items():
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + count
        self.crashes += other.crashes
        self.accepted += other.accepted
        self.refused += other.refused
        for reason, number in other.examples.items():
            self.examples[reason] = min(number, self.examples.get(reason, number))
        self.slowest = max(self.slowest, other.slowest)

    def refuse(self, reason: str, number: int) -> None:
        """Count a refused case that other programs accept."""
        self.refused[reason] += 1
        self.examples.setdefault(reason, number)

    def reasons(self) -> list[str]:
        """Return a line for each reason why such cases were refused, the most frequent first."""
        return [
            f"refused {n:,}: {reason} (case {self.examples[reason]})"
            for reason, n in self.refused.most_common()
        ]

    def summary(self) -> str:
        """Return the summary in one line."""
        known = (
            "valid",
            "incomplete",
            "invalid",
            *(("unreadable",) if "unreadable" in self.verdicts else ()),
        )
        counts = ", ".join(f"{self.verdicts.get(v, 0):,} {v}" for v in known)
        seconds, number = self.slowest
        faults = f"{len(self.crashes)} crashes, {len(self.accepted)} wrongly accepted"
        if self.refused:
            faults += f"; {self.refused.total():,} refused that other programs accept"
        return f"{self.cases:,} cases: {counts}; {faults}; slowest {seconds:.3f} s (case {number})"


class TooSlowError(BaseException):
    """The time limit has passed; not an `Exception`, so that a handler for those does not catch it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Fail instead of blocking forever, for instance on a FIFO."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def make_case(seed: int, number: int, subject: Subject = FOLDERS) -> tuple[Seed, Any]:
    """Make the bag of a seed and a case number; the same numbers always give the same bag."""
    random = Random(f"{seed}:{number}")  # noqa: S311 - not a secret
    start = signed_seed()[0] if number % SIGNED_ONE_IN == 0 else random.choice(seeds())
    return start, subject.make(random, start)


def set_traps(folder: Path) -> None:
    """Make FIFOs beside the bag, where hostile paths lead: opening one blocks until the time limit."""
    (folder / "bag-evil").mkdir(exist_ok=True)
    for trap in (folder / "outside", folder / "bag-evil" / "outside"):
        if not trap.exists():
            os.mkfifo(trap)


def run_cases(
    seed: int,
    numbers: Iterable[int],
    folder: Path,
    subject: Subject = FOLDERS,
    limit_seconds: float = LIMIT_SECONDS,
) -> VerifyTotals:
    """Make each case in the same folder, verify it, and judge the verdict."""
    set_traps(folder)
    tally = VerifyTotals()
    root = folder / "bag"
    for number in numbers:
        start, made = make_case(seed, number, subject)
        subject.write(root, made)
        began = time.perf_counter()
        try:
            with time_limit(limit_seconds):
                result = verify_case(root, start)
                used = subject.use(root)
        except (Exception, TooSlowError):  # noqa: BLE001 - any error is a fault
            tally.crashes.append(f"case {number} ({start.name}):\n{traceback.format_exc()}")
            continue
        tally.slowest = max(tally.slowest, (time.perf_counter() - began, number))
        verdict = result.verdict["bag"]
        tally.verdicts[verdict] = tally.verdicts.get(verdict, 0) + 1
        judgement = subject.judge(root, result, used)
        for reason in (why_wrongly_accepted(result, root, start, subject), *judgement.faults):
            if reason is not None:
                tally.accepted.append(f"case {number} ({start.name}): {reason}")
        if judgement.refused is not None:
            tally.refuse(judgement.refused, number)
    return tally


def verify_case(root: Path, start: Seed) -> Result:
    """Verify a case as the command does, including its JSON output."""
    trust = signed_seed()[1] if start.is_signed else TrustRequest()
    result = verify(VerifyRequest(root=root, at=NOW, trust=trust))
    format_json_line(result_object(result)).encode("utf-8", "surrogateescape")
    return result


def why_wrongly_accepted(result: Result, root: Path, start: Seed, subject: Subject) -> str | None:
    """Return the reason why the verdict is wrong, or `None`."""
    if result.verdict["bag"] != "valid":
        return None
    codes = {finding.code for finding in result.findings}
    reason = subject.why_not_valid(root, exact_names=codes.isdisjoint(_TAKEN_FOR_ANOTHER))
    if reason is None and result.verdict["trust"] == "trusted" and result.exit_code is ExitCode.DONE:
        reason = _why_not_trusted(subject.read(root), start.items)
    return reason


def _why_not_trusted(files: Mapping[str, bytes], signed: Folders) -> str | None:
    names = [n for n in files.keys() | signed.keys() if files.get(n) != signed.get(n)]
    # no signature covers a tag manifest or a signature
    changed = sorted(n for n in names if not n.startswith("tagmanifest-") and not n.endswith(".sig"))
    return f"trusted, but changed: {changed}" if changed else None
