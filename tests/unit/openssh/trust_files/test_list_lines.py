"""Lists of signers and of revoked keys: lines end as in OpenSSH, and no entry is skipped."""

from __future__ import annotations

import pytest

from archtool.errors import InputError
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.revoked_keys import RevokedKeys
from unit.attestations.trust_builders import ARCHIVIST, CURATOR, NOW, fixed_key

ONE, OTHER = fixed_key(ARCHIVIST).public, fixed_key(CURATOR).public
KEY_LINE = ONE.format_public_line().strip()
OTHER_LINE = OTHER.format_public_line().strip()
BREAKS = ("\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029")
every_break = pytest.mark.parametrize("line_break", BREAKS, ids=ascii)


def revoked(text: str) -> RevokedKeys:
    return RevokedKeys.parse(text.encode(), "revoked")


@every_break
@pytest.mark.parametrize(
    "first", [OTHER.fingerprint, OTHER_LINE, "# keys that were lost"], ids=["fingerprint", "key", "comment"]
)
def test_a_revoked_key_after_another_kind_of_line_break_is_an_error(line_break: str, first: str) -> None:
    with pytest.raises(InputError, match=f"revoked:2: .*U\\+{ord(line_break):04X}"):
        revoked(f"# list\n{first}{line_break}{ONE.fingerprint}\n")


@pytest.mark.parametrize("second", [ONE.fingerprint, KEY_LINE, ONE.fingerprint.removeprefix("SHA256:")])
@pytest.mark.parametrize("first", [OTHER.fingerprint, OTHER_LINE])
@pytest.mark.parametrize("between", [" ", "\t", "  and ", " x,"])
def test_a_second_key_on_a_line_of_revoked_keys_is_refused(first: str, between: str, second: str) -> None:
    with pytest.raises(InputError, match="revoked:1"):
        revoked(f"{first}{between}{second}\n")


@pytest.mark.parametrize("blank", ["\xa0", "\u3000", "\u200b", ",", ";"])
def test_only_blanks_and_tabs_separate_a_fingerprint_from_its_comment(blank: str) -> None:
    with pytest.raises(InputError, match="revoked:1: not a fingerprint"):
        revoked(f"{OTHER.fingerprint}{blank}{ONE.fingerprint}\n")


def test_lines_that_end_in_cr_lf_revoke_every_key() -> None:
    listed = revoked(f"# list\r\n{OTHER.fingerprint}\r\n\r\n{KEY_LINE}\r\n")
    assert listed.find(ONE) is not None
    assert listed.find(OTHER) is not None


@every_break
def test_a_list_of_signers_with_another_line_break_is_refused_with_the_line(line_break: str) -> None:
    for first in (f"{CURATOR} {OTHER_LINE}", "# signers"):
        with pytest.raises(InputError, match="signers:2: "):
            AllowedSigners.parse(f"\n{first}{line_break}{ARCHIVIST} {KEY_LINE}\n", "signers")


@pytest.mark.parametrize(
    "principals",
    [f'"*, !{ARCHIVIST}"', f'"{ARCHIVIST} "', f"{ARCHIVIST}\xa0", f"\u200b{ARCHIVIST}", f"\u202e{ARCHIVIST}"],
    ids=ascii,
)
def test_a_principal_that_looks_like_another_is_refused(principals: str) -> None:
    with pytest.raises(InputError, match="signers:1: a principal with a blank"):
        AllowedSigners.parse(f"{principals} {KEY_LINE}\n", "signers")


@pytest.mark.parametrize("blank", ["\xa0", "\u3000"], ids=ascii)
def test_only_blanks_and_tabs_separate_the_parts_of_a_signer_line(blank: str) -> None:
    for text in (f"{ARCHIVIST} {KEY_LINE.replace(' ', blank, 1)}", f"{ARCHIVIST}{blank}{KEY_LINE}"):
        with pytest.raises(InputError, match="signers:1"):
            AllowedSigners.parse(text, "signers")


@pytest.mark.parametrize("pattern", [f"!{ARCHIVIST}", f"{ARCHIVIST},!{ARCHIVIST}", f"{ARCHIVIST},!*"])
def test_a_line_that_negates_all_its_names_trusts_no_key(pattern: str) -> None:
    allowed = AllowedSigners.parse(f"{pattern} {KEY_LINE}", "signers")
    assert not allowed.find(ONE, "archtool", NOW).is_trusted
