"""Defines who gave a bag, as its bag-info.txt states it.

The addresses, telephone numbers and e-mail addresses that a bag publishes are left out: they are data about
persons, change often, and do not say who gave what. They remain in the kept bag-info.txt.

Source: RFC 8493 §2.2.2: Source-Organization is the organization that transfers the content, Contact-Name the
person there who is responsible for the transfer, Bagging-Date the day on which the content was ready for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.bagit.model import BagInfo

_MAX_NAMES = 20  # of organizations and of persons: a hostile bag can repeat a label without end


@dataclass(frozen=True, slots=True)
class Giver:
    """The organizations and persons that transfer a bag, by its own statement."""

    organizations: tuple[str, ...]
    contacts: tuple[str, ...]
    bagging_date: str | None = None
    """As written; `None` if it is not stated, or stated twice."""

    @classmethod
    def of(cls, info: BagInfo) -> Giver | None:
        """Return the giver that bag-info.txt names, or `None` if it names none."""
        organizations = tuple(_names(info, "Source-Organization"))
        contacts = tuple(name for name in _names(info, "Contact-Name") if "@" not in name)
        dates = tuple(dict.fromkeys(filter(None, info.values("Bagging-Date"))))
        if not organizations and not contacts:
            return None
        return cls(organizations, contacts, dates[0] if len(dates) == 1 else None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who transfer it: organizations, or else persons."""
        return self.organizations or self.contacts


def _names(info: BagInfo, label: str) -> Iterator[str]:
    stated = dict.fromkeys(value.strip() for value in info.values(label))
    yield from [name for name in stated if name][:_MAX_NAMES]
