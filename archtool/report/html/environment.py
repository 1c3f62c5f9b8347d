"""Makes the environment of the templates of an HTML page: every value is escaped, nothing is loaded or run.

Every value passes `finalize`, also in a template that forgets it: markup becomes entities, control and bidi
characters become their codes. The policy of a page allows its own styles by their digests, and what is named
besides; scripts, frames, fonts and requests are refused by the browser.

Source: W3C Content Security Policy Level 3, §6.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archtool.printable import show_steering

_PARTS_TOGETHER = 200  # of a page that are written with one call


def make_environment(
    packages: Sequence[str],
    style: str,
    generator: str,
    policy: str,
    show: Callable[[str], str] = show_steering,
) -> Environment:
    """Return the environment for the templates of packages; `show` prepares each text for a reader.

    `style` is the page's style sheet and `generator` its first meta element: both are constants.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in (*packages, "archtool.report.html")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: _shown_value(value, show),
        auto_reload=False,
    )
    environment.globals |= {
        "style": Markup(style),  # noqa: S704 - a constant
        "generator": Markup(generator),  # noqa: S704 - a constant
        "policy": policy,
    }
    return environment


def policy_of(*styles: str, more: str = "") -> str:
    """Return the security policy of a page with these style sheets; `more` are further directives."""
    digests = " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in styles)
    return f"default-src 'none'; style-src {digests}{more}"


def render(environment: Environment, template: str, **values: Any) -> Iterator[str]:
    """Yield a page in parts."""
    stream = environment.get_template(template).stream(values)
    stream.enable_buffering(_PARTS_TOGETHER)
    return iter(stream)


def _shown_value(value: Any, show: Callable[[str], str]) -> Any:
    """Return what the template shows for a value; the template then escapes markup."""
    if value is None:
        return ""
    return show(value) if isinstance(value, str) and not isinstance(value, Markup) else value
