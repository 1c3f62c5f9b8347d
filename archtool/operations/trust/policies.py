"""Parses policies as strictly as descriptions; every error names its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archtool.attestations.policy import ClaimRule, Policy
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import FindingCollector, TextRefused
from archtool.description.document.schema_messages import report_double_names, report_schema_faults
from archtool.description.document.typing import type_values
from archtool.description.document.yaml_reader import read_yaml
from archtool.errors import InputError
from archtool.findings import Finding, has_errors
from archtool.schemas import schema_faults

_SCHEMA_NAME = "policy.schema.json"


def parse_policy(data: bytes, where: str) -> Policy:
    """Parse a policy in YAML or JSON; `where` names the file in messages.

    Raises:
        InputError: not a policy; the message has the first error and the number of the others.
    """
    findings = FindingCollector(where, [])
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
        node = read_json(text, findings) if text.lstrip()[:1] == "{" else read_yaml(text, findings)
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not text in UTF-8 (byte {error.start})") from None
    except TextRefused as refused:
        raise _refusal(where, [refused.finding]) from None
    typed = type_values(node, _SCHEMA_NAME, findings)
    report_schema_faults(schema_faults(_SCHEMA_NAME, typed.data), typed, findings)
    report_double_names(typed, findings)
    if has_errors(findings):
        raise _refusal(where, [*findings])
    policy = _policy_of(typed.data, where)
    events = [rule.event for rule in policy.rules]
    for event in events:
        if events.count(event) > 1:
            raise InputError(f"{where}: there are two rules for {event}", hint="merge them into one rule")
    return policy


def _refusal(where: str, findings: list[Finding]) -> InputError:
    first = findings[0]
    place = f":{first.place.line}:{first.place.column}" if first.place and first.place.line else ""
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return InputError(f"{where}{place}: {first.message}{more}", hint=first.hint)


def _policy_of(values: Mapping[str, Any], where: str) -> Policy:
    rules = tuple(map(_rule_of, values["claims"]))
    return Policy(where, rules, values.get("other-claims") == "refused")


def _rule_of(values: Mapping[str, Any]) -> ClaimRule:
    return ClaimRule(
        event=values["event"],
        is_required=values.get("required", False),
        signers=tuple(values.get("signers", ["*"])),
        min_signers=values.get("at-least", 1),
        requires_proved_time=values.get("timestamp", False),
        max_age_days=values.get("not-older-than-days"),
    )
