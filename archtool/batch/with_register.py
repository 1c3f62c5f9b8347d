"""Runs the jobs of a batch with a register: this process reads and writes it, the workers do not.

A head is recorded before the journal has the job: after a kill, the job is done again, finds its attestation
in the package, and the head is recorded then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.runner import Item, Outcomes, Runner
from archtool.batch.tasks.task import Task
from archtool.findings import Finding, exit_code_of, in_reading_order
from archtool.holdings.finding_kinds import HEAD_NOT_RECORDED
from archtool.operations.holdings.record_heads import HeadRecorder, NewHead, Recorded, new_head_of
from archtool.operations.holdings.registered_heads import (
    HeadReader,
    RegisteredCopy,
    explain_missing,
    head_not_taken,
)
from archtool.operations.holdings.replaced_content import find_replaced

_RUN_AGAIN = "make the register writable, then run the same command again: it records the head"


@dataclass(frozen=True, slots=True)
class ExpectHeads:
    """Gives each job on an existing package the head that the package must have; records new heads."""

    runner: Runner
    register: Path
    recorder: HeadRecorder | None = None
    """`None`: nothing is attested."""
    strict: bool = False
    is_attesting: bool = False
    """Whether the jobs attest, or show what attesting would do."""

    def run(self, items: Iterable[Item], task: Task) -> Outcomes:
        """See `Runner`."""
        jobs: dict[str, tuple[Job, RegisteredCopy]] = {}
        with ExitStack() as stack:
            if self.recorder is not None:
                stack.enter_context(self.recorder.kept_open())
                find = self.recorder.find
            else:
                find = stack.enter_context(HeadReader(self.register)).find
            ran = self.runner.run(_expecting(items, find, jobs, is_attesting=self.is_attesting), task)
            for outcomes in stack.enter_context(closing(ran)):
                yield self._recorded([(outcome, *jobs.pop(outcome.key)) for outcome in outcomes])

    def _recorded(self, ended: Sequence[tuple[Outcome, Job, RegisteredCopy]]) -> list[Outcome]:
        new = [_new_head(*item) for item in ended] if self.recorder is not None else []
        heads = [head for head in new if head is not None]
        recorded = iter(self.recorder.record(heads) if self.recorder is not None else ())
        done: list[Outcome] = []
        for number, (outcome, job, known) in enumerate(ended):
            explained = self._explained(outcome, job, known)
            is_new = bool(new) and new[number] is not None
            done.append(_with_recorded(explained, next(recorded)) if is_new else explained)
        return done

    def _explained(self, outcome: Outcome, job: Job, known: RegisteredCopy) -> Outcome:
        """Return the outcome with what the register knows, as far as the job looked at the package."""
        findings = explain_missing(outcome.findings, known, is_attested=self.is_attesting)
        if known.problem is not None and outcome.ending is not Ending.LEFT:
            findings = in_reading_order((*findings, head_not_taken(known, str(job.path))))
        facts = None if outcome.facts is None else {**outcome.facts, "register": known.facts()}
        explained = replace(outcome, findings=findings, facts=facts)
        return _failed(explained) if self.strict and exit_code_of(findings, strict=True) else explained


def _expecting(
    items: Iterable[Item],
    find: Callable[[Path], RegisteredCopy],
    jobs: dict[str, tuple[Job, RegisteredCopy]],
    *,
    is_attesting: bool,
) -> Iterator[Item]:
    for job, known_job in items:
        known = find(job.path)
        jobs[job.key] = job, known
        yield replace(job, expected=known.required if is_attesting else known.head), known_job


def _new_head(outcome: Outcome, job: Job, known: RegisteredCopy) -> NewHead | None:
    if outcome.ending is not Ending.DONE or outcome.facts is None:
        return None
    return new_head_of(outcome.facts, job.path, known.required)


def _with_recorded(outcome: Outcome, recorded: Recorded) -> Outcome:
    facts = {**(outcome.facts or {}), "register": recorded.facts()}
    if recorded.finding is None:
        return replace(outcome, facts=facts)
    finding = recorded.finding
    if finding.code == HEAD_NOT_RECORDED.code:
        finding = replace(finding, hint=_RUN_AGAIN)
    return _failed(replace(outcome, facts=facts, findings=in_reading_order((*outcome.findings, finding))))


def _failed(outcome: Outcome) -> Outcome:
    code = outcome.exit_code or int(exit_code_of(outcome.findings, strict=True))
    ending = Ending.FAILED if outcome.ending is Ending.DONE else outcome.ending
    return replace(outcome, ending=ending, exit_code=code)


@dataclass(frozen=True, slots=True)
class NoteReplaced:
    """Notes which of the packages that were made are registered with another content."""

    runner: Runner
    register: Path
    output: Path
    """The folder that the keys of the jobs are relative to."""

    def run(self, items: Iterable[Item], task: Task) -> Outcomes:
        """See `Runner`."""
        with HeadReader(self.register) as reader, closing(self.runner.run(items, task)) as portions:
            for outcomes in portions:
                yield [self._noted(outcome, reader) for outcome in outcomes]

    def _noted(self, outcome: Outcome, reader: HeadReader) -> Outcome:
        if outcome.ending is not Ending.DONE or outcome.facts is None:
            return outcome
        finding: Finding | None = find_replaced(reader, self.output / outcome.key, outcome.facts["head"])
        if finding is None:
            return outcome
        return replace(outcome, findings=in_reading_order((*outcome.findings, finding)))
