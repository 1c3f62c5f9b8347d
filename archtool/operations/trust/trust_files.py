"""Reads trust files: allowed signers, revoked keys, root certificates, a policy.

They never come from a package: a person who can change a package can change the files in it. A file in one of
the packages to check, or in a sidecar of one, is refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

from archtool.attestations.policy import Policy
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.openssh.file_recognition import Purpose, not_a_folder, refuse_other_kind
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.limits import MAX_AUTHORITIES_BYTES, MAX_POLICY_BYTES, MAX_TRUST_FILE_BYTES
from archtool.operations.open_package.package_paths import sidecar_of
from archtool.operations.trust.trust_request import TrustRequest

_ROOTS = "the file of root certificates"
_CONFIGURATIONS = ("the configuration", "the other configuration")  # the project's, the user's


@dataclass(frozen=True, slots=True)
class TrustFiles:
    """The paths of the trust files; `None` for a file that is not used."""

    allowed: Path | None = None
    """An `allowed_signers` file of OpenSSH."""
    revoked: Path | None = None
    """Revoked keys, certificates or fingerprints, or a key revocation list."""
    authorities: Path | None = None
    """Root certificates of timestamp authorities, in PEM."""
    policy: Path | None = None
    """A policy in YAML or JSON."""
    configurations: tuple[Path, ...] = field(default=(), kw_only=True)
    """The configuration files that named some of them, at most two."""

    def by_purpose(self) -> dict[str, Path]:
        """Return the path of each file by its purpose, in words."""
        paths = {
            "the list of allowed signers": self.allowed,
            "the list of revoked keys": self.revoked,
            _ROOTS: self.authorities,
            "the policy": self.policy,
        }
        configurations = zip(_CONFIGURATIONS, self.configurations, strict=False)
        return {purpose: path for purpose, path in paths.items() if path is not None} | dict(configurations)


def load_trust(bags: Iterable[Path], files: TrustFiles, local_zone: tzinfo = UTC) -> TrustRequest:
    """Read the trust files for these bags.

    `local_zone` is the time zone of times without `Z` in the list of allowed signers, which OpenSSH reads as
    local time.

    Raises:
        InputError: one of the files cannot be read, or is of another kind.
        UsageError: one of them is in a bag that it is used for; or a policy is given without allowed
            signers.
    """
    refuse_inside(bags, files.by_purpose())
    allowed = revoked = authorities = policy = None
    if files.allowed is not None:
        data = read_trust_file(
            files.allowed, MAX_TRUST_FILE_BYTES, "the list of allowed signers", Purpose.TRUST
        )
        text = data.decode("utf-8", "surrogateescape")
        allowed = AllowedSigners.parse(text, shown(str(files.allowed)), local_zone=local_zone)
    if files.revoked is not None:
        data = read_trust_file(
            files.revoked, MAX_TRUST_FILE_BYTES, "the list of revoked keys", Purpose.REVOKED
        )
        revoked = RevokedKeys.parse(data, shown(str(files.revoked)))
    if files.authorities is not None:
        from archtool.timestamps.certificates import Authorities  # lazy: 4 ms, only --tsa-roots needs it

        data = read_trust_file(files.authorities, MAX_AUTHORITIES_BYTES, _ROOTS, Purpose.TSA_ROOTS)
        authorities = Authorities.parse(data, shown(str(files.authorities)))
    if files.policy is not None:
        policy = _load_policy(files.policy)
        if allowed is None:
            raise UsageError(
                "a policy names signers, and there is no list of their keys",
                hint="give a list of allowed signers: --trust ALLOWED_SIGNERS",
            )
    return TrustRequest(allowed, revoked, authorities=authorities, policy=policy)


def read_trust_file(path: Path, limit_bytes: int, what: str, purpose: Purpose) -> bytes:
    """Read a file as UTF-8 without a byte-order mark, or in the binary form that it has.

    Raises:
        InputError: it cannot be read, is a folder, or is recognised as something else.
    """
    name = shown(str(path))
    if path.is_dir():
        raise not_a_folder(name, purpose, is_package=(path / DECLARATION_NAME).is_file())
    data = read_text_input(path, limit_bytes, what)
    refuse_other_kind(data, name, purpose)
    return data


def refuse_inside(bags: Iterable[Path], files: Mapping[str, Path]) -> None:
    """Refuse files in one of these bags, or in a sidecar of one.

    `files` maps the purpose of each file, in words, to its path.

    Raises:
        UsageError: a file or a link to it is there, or the path is a link into a bag.
    """
    places = [(what, path, _paths_of(path)) for what, path in files.items()]
    for bag in bags if places else ():
        for folder in (bag, sidecar_of(bag)):
            folder_paths = _paths_of(folder)
            for what, path, file_paths in places:
                if any(f.is_relative_to(d) for f, d in zip(file_paths, folder_paths, strict=True)):
                    raise UsageError(
                        f"{what} must come from elsewhere: {shown(str(path))} is in {shown(str(folder))}",
                        hint="anyone who can change the bag can change this file: keep it outside",
                    )


def _paths_of(path: Path) -> tuple[Path, Path]:
    """Return the absolute path as written, and with all links resolved."""
    return Path(os.path.abspath(path)), Path(os.path.realpath(path))  # noqa: PTH100 - `..` is removed too


def _load_policy(path: Path) -> Policy:
    from archtool.operations.trust.policies import parse_policy  # lazy: reads YAML, only --policy needs it

    return parse_policy(
        read_trust_file(path, MAX_POLICY_BYTES, "the policy", Purpose.POLICY), shown(str(path))
    )
