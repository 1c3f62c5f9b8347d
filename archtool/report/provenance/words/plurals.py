"""Chooses the form of a noun after a number."""

from __future__ import annotations


def counted(forms: str, count: str, language: str) -> str:
    """Return the form for a count of `one|few|many`, with the count in it.

    Source: Unicode CLDR, cardinal plural rules of English, French and Russian.
    """
    one, few, many = forms.split("|")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 20 else 5
    return {"one": one, "few": few, "many": many}[_category(number, language)].format(count=count)


def _category(number: int, language: str) -> str:
    if language == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return "one"
        return "few" if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else "many"
    return "one" if number == 1 or (language == "fr" and number == 0) else "many"
