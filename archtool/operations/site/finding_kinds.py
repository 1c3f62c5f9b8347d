"""Kinds of findings about the packages of a site."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

SITE_SAME_ID = Kind(
    "site.same-id", Severity.WARNING, "Several packages of a site have the same identifier.",
    "if they are copies of one package, leave the others out of the folders that are named; "
    "if they are different, give each an identifier of its own (`id`)",
)  # fmt: skip
SITE_DAMAGED = Kind(
    "site.damaged", Severity.ERROR, "A package of a site is not as it was packed; its page says so.",
    "see what is wrong with it, with archtool verify",
)  # fmt: skip
SITE_NOT_TRUSTED = Kind(
    "site.not-trusted", Severity.ERROR, "A package of a site lacks the trust that was asked for.",
    "see what is missing, with archtool verify --trust", exit_code=ExitCode.NOT_TRUSTED,
)  # fmt: skip
