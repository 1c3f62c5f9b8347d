"""Checks the plan of a package against a BagIt profile, with the code that checks finished bags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from archtool.bagit import finding_kinds as kinds
from archtool.bagit.profile import Profile
from archtool.bagit.profile_check import UnmetRule, find_unmet
from archtool.description.bag_info import KEY as BAG_INFO_KEY
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.pack.compose import PackagePlan, package_name
from archtool.operations.pack.profile.algorithms import choose_algorithms
from archtool.operations.pack.profile.hints import LABEL_CODES, PlanHints
from archtool.operations.pack.profile.known_rules import is_known
from archtool.operations.pack.profile.planned_bag import (
    INFO_NAME,
    TargetForm,
    planned_facts,
    planned_tag_infos,
)
from archtool.operations.sources.survey import Survey

_UNDATED = datetime.fromtimestamp(0, UTC)  # no rule is about the date of a plan


def plan_for_profile(
    plan: PackagePlan, profile: Profile, wanted: Sequence[Algorithm]
) -> tuple[PackagePlan, tuple[Finding, ...]]:
    """Return the plan with the profile's algorithms and identifier, and notes; `wanted` were asked for."""
    choice = choose_algorithms(profile, wanted)
    changed = replace(plan, algorithms=choice.payload, tag_algorithms=choice.tags, profile=profile.identifier)
    return changed, choice.findings


def check_plan(
    profile: Profile, plan: PackagePlan, survey: Survey, tag_source: FileSource, form: TargetForm
) -> Iterator[Finding]:
    """Report every rule that the package would not meet, with what to do about it.

    `tag_source` has the files that become tag files.
    """
    infos = planned_tag_infos(profile, plan, survey.view(tag_source))
    unmet = list(find_unmet(profile, planned_facts(plan, survey, form, infos)))
    yield from _with_hints(unmet, plan, makes_archives=form.makes_archives)


def plan_without_target(
    described: DescribedDocument, survey: Survey, profile: Profile
) -> tuple[PackagePlan, tuple[Finding, ...]]:
    """Return the plan of an unsigned package whose target and date are not known yet, and notes."""
    name = package_name(described.description)
    plan = PackagePlan(
        name, described, (DEFAULT_ALGORITHM,), _UNDATED, (), "", placeholders=survey.placeholders
    )
    return plan_for_profile(plan, profile, ())


def check_plan_without_target(
    profile: Profile, plan: PackagePlan, survey: Survey, tag_source: FileSource
) -> Iterator[Finding]:
    """Report what `check_plan` would report for any target; rules about its form are a note.

    Of a faulty description, only what cannot change when its faults are corrected.
    """
    infos = planned_tag_infos(profile, plan, survey.view(tag_source))
    every = find_unmet(profile, planned_facts(plan, survey, None, infos))
    unmet = [one for one in every if is_known(one, plan.described)]
    yield from _with_hints(unmet, plan, makes_archives=True)
    rule, accepted = profile.rules.get("Serialization"), profile.listed("Accept-Serialization")
    if rule in ("required", "forbidden") or accepted is not None:
        forms = f"; accepted archives: {', '.join(map(shown, accepted[:10]))}" if accepted else ""
        message = f"serialization is {shown(str(rule or 'optional'))}{forms}: not checked, pack decides by -o"
        yield kinds.PROFILE_FORM_NOT_CHECKED.at(message)


def _with_hints(unmet: Sequence[UnmetRule], plan: PackagePlan, *, makes_archives: bool) -> Iterator[Finding]:
    """Return the findings with their hints; about a label, at the value in the description that gives it."""
    own_labels = {label.casefold(): label for label in plan.described.description.bag_info}
    hints = PlanHints(unmet, plan.described, makes_archives=makes_archives)
    for one in unmet:
        finding = replace(one.finding, hint=hints.hint_for(one))
        if finding.code in LABEL_CODES and one.tag_file == INFO_NAME:
            label = own_labels.get(one.subject.casefold(), one.subject)
            finding = plan.described.loaded.placed((BAG_INFO_KEY, label), finding)
        yield finding
