"""Phrases for the parts of a description: dates and languages with their meaning, agents, attributions."""

from __future__ import annotations

from collections.abc import Iterable

from archtool.description.model import Agent, Attribution
from archtool.report.date_words import date_in_words
from archtool.report.package_view import PackageView
from archtool.report.rights_words import rights_in_words

_EVIDENCE = {
    "internal": "on internal evidence",
    "external": "on external evidence",
    "conjecture": "by conjecture",
}


def dated(date: str | None) -> str:
    """Return a date as it is written, and what it means if that is not obvious."""
    if date is None:
        return ""
    words = date_in_words(date)
    return f"{date} ({words})" if words else date


def language(view: PackageView, tag: str) -> str:
    """Return the name of a language and its tag."""
    name = view.language_names.get(tag)
    return f"{name} ({tag})" if name else tag


def in_language(view: PackageView, tag: str | None) -> str:
    """Return the phrase for the language of a text; empty without one."""
    return f"in {language(view, tag)}" if tag else ""


def rights(statement: str) -> str:
    """Return a statement of rights, in words if it is an identifier."""
    words = rights_in_words(statement)
    return f"{words} ({statement})" if words else statement


def names(agents: Iterable[Agent]) -> str:
    """Return the names of several agents."""
    return ", ".join(agent.name for agent in agents)


def agent_lines(agent: Agent) -> str:
    """Return an agent's name, and on further lines what else is known."""
    return "\n".join(filter(None, [agent.name, agent.note, agent.id]))


def attribution(stated: Attribution) -> str:
    """Return how certain it is who made a document, and why."""
    parts: list[str] = [stated.status]
    parts += [_EVIDENCE.get(stated.evidence, stated.evidence)] if stated.evidence else []
    parts += [f"certainty {stated.certainty}"] if stated.certainty else []
    parts += [f"on the basis of {', '.join(stated.basis)}"] if stated.basis else []
    parts += [f"by {stated.by.name}"] if stated.by else []
    text = ", ".join(parts)
    return f"{text}: {stated.note}" if stated.note else text
