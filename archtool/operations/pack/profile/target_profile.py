"""Reads the BagIt profile that a new package must meet."""

from __future__ import annotations

from pathlib import Path

from archtool.bagit.limits import MAX_PROFILE_BYTES
from archtool.bagit.profile import Profile, parse_profile
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.operations.describe.inputs import read_text_input


def read_target_profile(path: Path) -> Profile:
    """Read a profile that has an identifier, which the package names in bag-info.txt.

    Raises:
        InputError: it cannot be read, is not a BagIt profile, or has no identifier of one line.
    """
    name = shown(str(path))
    profile = parse_profile(read_text_input(path, MAX_PROFILE_BYTES, "the profile", reads_utf16=True), name)
    identifier = profile.identifier
    if (
        not profile.is_named
        or identifier != identifier.strip()
        or not identifier.isprintable()
        or not identifier
    ):
        raise InputError(
            f"the profile {name} has no usable `BagIt-Profile-Identifier`, which a package must name",
            hint="add under `BagIt-Profile-Info` the address or URN that its publisher gave to the profile",
        )
    return profile
