"""Gives each thing a name of its own: `letter`, then `letter-2`, `letter-3` and so on."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class FreeNames:
    """The names that are taken; finding the next one takes as long for the first as for the millionth."""

    pattern: str = "{name}-{number}"
    """How a name is numbered; the first one has no number."""
    ignores_case: bool = False
    """Whether names that differ only by case are the same, as on many file systems."""
    _taken: set[str] = field(default_factory=set)
    _last_numbers: dict[str, int] = field(default_factory=dict)

    def take(self, name: str) -> str:
        """Return a name, or the first numbered one that is free; it is taken from then on."""
        free, key = name, self._key(name)
        number = self._last_numbers.get(key, 1)
        while self._key(free) in self._taken:
            number += 1
            free = self.pattern.format(name=name, number=number)
        self._last_numbers[key] = number
        self._taken.add(self._key(free))
        return free

    def _key(self, name: str) -> str:
        return name.casefold() if self.ignores_case else name
