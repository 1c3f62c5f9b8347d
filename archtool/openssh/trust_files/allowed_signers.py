"""Looks up keys in OpenSSH's `allowed_signers` file, which states the owners of trusted keys.

The file always comes from outside the package. It is read as `ssh-keygen -Y verify` reads it, but more
strictly: a malformed line anywhere is an error (ssh-keygen stops at it or never reaches it), and so are an
impossible date, another kind of line break (`list_lines`), and a principal with a blank at its end or with an
invisible character.

Source: ssh-keygen(1), "ALLOWED SIGNERS".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from archtool.errors import InputError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import MAX_ALLOWED_SIGNERS_CHARACTERS
from archtool.openssh.trust_files.list_lines import split_list
from archtool.openssh.trust_files.signer_entry_check import check_authority_entry, check_key_entry
from archtool.openssh.trust_files.signer_line import SignerLine, parse_signer_line
from archtool.openssh.trust_files.signer_match import SignerMatch, SignerVerdict

_ANOTHER_PERSON = (SignerVerdict.WRONG_PRINCIPAL, SignerVerdict.NOT_CERTIFIED)


@dataclass(frozen=True, slots=True)
class AllowedSigners:
    """The content of an `allowed_signers` file."""

    where: str
    """The name of the file, for messages."""
    lines: tuple[SignerLine, ...]

    @classmethod
    def parse(cls, text: str, where: str, *, local_zone: tzinfo = UTC) -> AllowedSigners:
        """Parse the file's text.

        In OpenSSH, a time without `Z` is local standard time all year round (it calls mktime() without
        daylight saving time). `local_zone` is the zone of such times: pass a `zoneinfo.ZoneInfo`, which knows
        its standard time. Without it, they are read as UTC.

        Raises:
            InputError: a line is malformed (named as `file:line`), or the file is too large.
        """
        if len(text) > MAX_ALLOWED_SIGNERS_CHARACTERS:
            raise InputError(
                f"{where} is too large for a list of signers: {len(text)} characters "
                f"(at most {MAX_ALLOWED_SIGNERS_CHARACTERS})"
            )
        return cls(where, tuple(_parse_lines(text, where, local_zone)))

    def find(self, key: PublicKey, namespace: str, at: datetime, principal: str | None = None) -> SignerMatch:
        """Return whether the list trusts a key for a namespace at a given time.

        A key in a certificate is trusted through a line for the certificate's authority (`cert-authority`) or
        for the certificate itself, never through a line for the key inside it. The authority's signature is
        not checked here (`certificate_check`). With `principal`, only lines that name that person count
        (`ssh-keygen -Y verify -I`); without it, all do. Times are compared in whole seconds, as in OpenSSH.
        """
        matches = list(self._matches(key, namespace, at.replace(microsecond=0), principal))
        if not matches:
            return self._unknown(key)
        trusting = [match for match in matches if match.is_trusted]
        if not trusting:  # prefer the line for the right person: it tells best what is missing
            return next((match for match in matches if match.verdict not in _ANOTHER_PERSON), matches[0])
        principals = dict.fromkeys(name for match in trusting for name in match.principals)
        return SignerMatch(SignerVerdict.TRUSTED, tuple(principals), trusting[0].line)

    def _matches(
        self, key: PublicKey, namespace: str, at: datetime, principal: str | None
    ) -> Iterator[SignerMatch]:
        certificate = key.certificate
        for entry in self.lines:
            if not entry.is_authority:
                if entry.key.blob == key.blob:
                    yield check_key_entry(entry, namespace, at, principal)
            elif certificate is not None and entry.key.plain.blob == certificate.authority_blob:
                yield check_authority_entry(entry, certificate, namespace, at, principal)

    def _unknown(self, key: PublicKey) -> SignerMatch:
        certificate = key.certificate
        if certificate is not None:
            reason = f"{self.where} does not list {certificate.authority} as a cert-authority"
            if any(not line.is_authority and line.key.blob == certificate.key_blob for line in self.lines):
                reason += "; the line for the key itself applies only to signatures without a certificate"
            return SignerMatch(SignerVerdict.UNKNOWN_AUTHORITY, reason=reason)
        if any(line.is_authority and line.key.blob == key.blob for line in self.lines):
            return SignerMatch(
                SignerVerdict.UNKNOWN_KEY, reason=f"{self.where} lists this key only as an authority"
            )
        return SignerMatch(SignerVerdict.UNKNOWN_KEY, reason=f"{self.where} does not list this key")


def _parse_lines(text: str, where: str, local_zone: tzinfo) -> Iterator[SignerLine]:
    for number, line in split_list(text, where):
        yield parse_signer_line(line, where, number, local_zone)
