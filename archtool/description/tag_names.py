"""Names languages by their BCP 47 tags, with the IANA registry in the language-tags library."""

from __future__ import annotations

from functools import cache

from archtool.description.languages import why_not_language

_KINDS = {"script": "{} script", "region": "{}", "variant": "{}"}


@cache
def language_name(tag: str) -> str | None:
    """Return the English name of a language, `Russian, Latin script` for `ru-Latn`; `None` if it has none."""
    if why_not_language(tag) is not None:
        return None
    from language_tags import tags  # lazy: 75 ms, only `show` names languages

    subtags = list(tags.tag(tag).subtags)
    names = [str(subtag.description[0]) for subtag in subtags if subtag.type == "language"]
    for subtag in subtags:
        pattern = _KINDS.get(subtag.type)
        if pattern is not None and names:
            names.append(pattern.format(subtag.description[0]))
    return ", ".join(names) or None
