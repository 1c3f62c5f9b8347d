"""Writes VERIFY.txt: how to check a package with the basic tools of the system.

The lines that begin with `$ ` are commands; the tests run exactly these.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archtool.attestations.layout import cms_path
from archtool.attestations.signatures.other_signatures import cms_command
from archtool.files.hashing.digests import Algorithm

FILE_NAME = "VERIFY.txt"
# the counterparts of `sha512sum`; the other algorithms have no common program
_PROGRAMS = {
    Algorithm.MD5: "md5sum",
    Algorithm.SHA1: "sha1sum",
    Algorithm.SHA224: "sha224sum",
    Algorithm.SHA256: "sha256sum",
    Algorithm.SHA384: "sha384sum",
    Algorithm.SHA512: "sha512sum",
    Algorithm.BLAKE2B: "b2sum",
}


_UNSAFE_IN_NAMES = ("\\", "\n", "\r")
"""Characters in a name that `sha512sum -c` reads as something else."""


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """The signatures of the package's packaging, and the tag manifests."""

    signers: tuple[tuple[str, str], ...] = ()
    """The principals, and the paths of their signatures."""
    has_timestamps: bool = False
    cms_signed: str | None = None
    """The checksum list that an institution's CMS signature covers, if there is one."""
    tag_algorithms: tuple[Algorithm, ...] = ()
    """The algorithms of the tag manifests, if they are not those of the payload manifests."""


@dataclass(frozen=True, slots=True)
class RepairPaths:
    """The files of one repair, by their paths in the package."""

    copy: str
    original: str
    log: str


@dataclass(frozen=True, slots=True)
class PayloadFacts:
    """The payload, and what must be said of it."""

    file_count: int
    has_encoded_names: bool = False
    """Whether the manifests encode characters of any name."""
    repairs: tuple[RepairPaths, ...] = ()


def format_instructions(
    title: str,
    algorithms: Sequence[Algorithm],
    payload: PayloadFacts,
    signing: SigningFacts,
    part: tuple[int, int] | None = None,
) -> str:
    """Return the text of VERIFY.txt; `part` is the number of a part of a group, and that of all parts."""
    # on one line: a line of the title must not look like a command
    heading = f"HOW TO CHECK THIS PACKAGE WITHOUT ARCHTOOL\n\nTitle: {' '.join(title.split())}\n"
    documents = _payload_section(algorithms, payload)
    documents += "".join(f"\n{_repair_section(repair, is_whole=part is None)}" for repair in payload.repairs)
    if part is not None:
        heading += f"Part {part[0]} of {part[1]}\n\n{_PART}"
    others = _other_sections(tuple(signing.tag_algorithms or algorithms), signing)
    return "\n".join([heading, _OPENING, documents, others])


@lru_cache(maxsize=16)  # the packages of a batch have the same values
def _other_sections(algorithms: tuple[Algorithm, ...], signing: SigningFacts) -> str:
    signers = signing.signers
    timestamped = [path for _, path in signers] if signing.has_timestamps else []
    signatures = _signature_section(signers) if signers else _UNSIGNED
    if signing.cms_signed is not None:
        signatures += "\n" + _cms_section(signing.cms_signed)
    sections = [
        _tag_section(algorithms),
        signatures,
        *([_time_section(timestamped)] if signers else []),
        _LATER if signers else _LATER_IF_ANY,
    ]
    numbered = [f"{number}. {section}" for number, section in enumerate(sections, start=2)]
    return "\n".join([*numbered, _CLOSING])


_OPENING = """\
Open a terminal in the folder that contains this file. Each line below that
begins with a dollar sign is a command: type it without the dollar sign. All
programs named here are basic tools of Linux; on macOS type `shasum -a 512`
instead of `sha512sum` (and `shasum -a 256` instead of `sha256sum`).
"""
_PART = """\
The files of this document are divided into parts, because they are too large
for one package. Each part is checked by itself, as described below. The file
metadata/group-manifest.txt is the same in all parts; it lists the files of all
of them: the number of the part, the size in bytes, the digest, and the name. To
have all files together, copy the folder data/ of every part into one folder.
"""
_UNSIGNED = """\
WHO SIGNED IT

This package was not signed when it was made. The checks above detect damage.
They do not show who made the package, and they cannot detect that someone
replaced the files together with their digests.
"""
_LATER_TITLE = """\
WHAT WAS ATTESTED LATER

"""
_IF_ANY = """\
The package can have been signed later. If it was, it has a folder attestations/,
and the commands of this section check everything in it.

"""
_LATER_TEXT = """\
Custody transfers, fixity checks and countersignatures are added later, each in
a folder in attestations/, numbered 0001, 0002 and so on without a gap. This file
is signed itself and does not change when one is added, so these commands work
for any number of them. The file statement.json in each folder contains the
claim: what happened, the time according to the signers, and who the signers are.

First check every list of checksums:

$ cat attestations/*/sha512sums.txt | sha512sum -c -

This proves that no tag file and no earlier attestation was changed or removed:
each list names every file of the attestations before it. (A file outside data/
that is in no list was added later, and no signature covers it.) Then check that
every signature is good; the command stops at the first that is not:

$ (for sig in attestations/*/*.sig; do \\
    ssh-keygen -Y check-novalidate -n archtool -s "$sig" \\
    < "${sig%/*}/sha512sums.txt" || exit 1; done)

Then check that your file allowed_signers names every signer. That file states
which key belongs to which signer: get it from elsewhere, never from the package.

$ (for sig in attestations/*/*.sig; do \\
    who=$(ssh-keygen -Y find-principals -f allowed_signers -s "$sig") && \\
    ssh-keygen -Y verify -f allowed_signers -I "$who" -n archtool -s "$sig" \\
    < "${sig%/*}/sha512sums.txt" || exit 1; done)

These checks cannot detect that the newest attestations were removed completely,
and they cannot show that a signed claim is true. Compare with a register, or
with another copy of the package. There can also be attestations beside the
package, in a folder with the name of the package and .attestations at the end.
To check these, copy its folders into attestations/ of a copy of the package.
"""
_LATER = _LATER_TITLE + _LATER_TEXT
_LATER_IF_ANY = _LATER_TITLE + _IF_ANY + _LATER_TEXT
_CLOSING = """\
FURTHER READING

bag-info.txt and metadata/ describe this package. The package is a BagIt bag
(RFC 8493), so any BagIt tool can check it. metadata/provenance.json is W3C
PROV-JSON, metadata/premis.xml is PREMIS 3, metadata/citation.json is CSL-JSON.
"""


def _payload_section(algorithms: Sequence[Algorithm], payload: PayloadFacts) -> str:
    encoded = (
        "\nSome file names contain a percent sign or a line break, which the manifest writes\n"
        "as %25, %0A or %0D (RFC 8493). sha512sum cannot check these lines: compare such\n"
        "files one by one.\n"
        if payload.has_encoded_names
        else ""
    )
    return (
        "1. THE DOCUMENTS ARE UNCHANGED\n\n"
        "Check that every file in data/ still has the digest it had when it was packed:\n\n"
        f"{_commands(algorithms, 'manifest')}\n"
        f"Check that no file was added (the number must be {payload.file_count}):\n\n"
        "$ find data -type f | wc -l\n"
        f"{encoded}"
    )


def _repair_section(paths: RepairPaths, *, is_whole: bool) -> str:
    """Return what was repaired, and the commands; `is_whole` is whether both texts are in this package."""
    text = (
        f"This text was repaired:\n\n{_indented(paths.copy)}\n\n"
        "The text as it arrived, and the list of all changes (for each: the rule, the\n"
        "place in bytes of UTF-8, the text before and after):\n\n"
        f"{_indented(paths.original)}\n{_indented(paths.log)}\n\n"
        "`diff` shows the lines that differ. The documentation of the format has a short\n"
        "program that applies the list to the text as it arrived and writes the copy.\n"
    )
    names = f"{paths.copy} {paths.original} {paths.log}"
    if not is_whole or any(sign in names for sign in _UNSAFE_IN_NAMES):
        return text
    commands = "".join(
        f"$ printf '%s  %s\\n' \"$(sed -n 's/^# {role}-sha512: //p' \\\n    {shlex.quote(paths.log)})\" \\\n"
        f"    {shlex.quote(path)} | sha512sum -c -\n"
        for role, path in (("original", paths.original), ("copy", paths.copy))
    )
    return f"{text}Check that the list is about these two texts:\n\n{commands}"


def _indented(path: str) -> str:
    # a line of a name must not look like a command
    return f"    {' '.join(path.split())}"


def _tag_section(algorithms: Sequence[Algorithm]) -> str:
    return (
        "THE METADATA IS UNCHANGED\n\n"
        "Check the description, citation, inventory, provenance and manifests:\n\n"
        f"{_commands(algorithms, 'tagmanifest')}"
    )


def _commands(algorithms: Sequence[Algorithm], manifest: str) -> str:
    known = [f"$ {_PROGRAMS[a]} -c {manifest}-{a.value}.txt\n" for a in algorithms if a in _PROGRAMS]
    others = [
        f"(No basic tool reads {manifest}-{a.value}.txt; a BagIt tool that knows {a.value} does.)\n"
        for a in algorithms
        if a not in _PROGRAMS
    ]
    return "".join([*known, *others])


def _signature_section(signers: Sequence[tuple[str, str]]) -> str:
    checksums = dict.fromkeys(_list_of(path) for _, path in signers)
    lists = "".join(f"$ sha512sum -c {path}\n" for path in checksums)
    signatures = "".join(
        f"$ ssh-keygen -Y verify -f allowed_signers -I {shlex.quote(principal)} -n archtool \\\n"
        f"    -s {path} \\\n    < {_list_of(path)}\n"
        for principal, path in signers
    )
    return (
        "WHO SIGNED IT\n\n"
        "A list of checksums was signed. First check the files in that list:\n\n"
        f"{lists}\n"
        "Then check that the signature is good and who made it (OpenSSH 8.1 or later):\n\n"
        f"{signatures}\n"
        "The file `allowed_signers` states which key belongs to which signer. Get it from\n"
        "the archive itself, from its website or in print, NEVER from inside a package:\n"
        "anyone who can change a package can change a file in it. Without this file, the\n"
        "following command shows only that the signature is good, not who made it:\n\n"
        + "".join(
            f"$ ssh-keygen -Y check-novalidate -n archtool \\\n    -s {path} \\\n    < {_list_of(path)}\n"
            for _, path in signers
        )
    )


def _cms_section(signed: str) -> str:
    command = cms_command(cms_path(signed), signed)
    for option in ("-inform", "-content", "-CAfile"):
        command = command.replace(f" {option}", f" \\\n    {option}")
    return (
        "An institution signed the same checksums with its X.509 certificate (CMS):\n\n"
        f"$ {command}\n\n"
        "`ROOT.pem` contains the root certificate above the institution's certificate: get\n"
        "it from the institution, NEVER from inside a package. After the certificates have\n"
        "expired, add the option -attime with a time at which they were valid, in seconds\n"
        "(date -d TIME +%s).\n"
    )


def _time_section(timestamped: Sequence[str]) -> str:
    """Return how to check timestamps; a package without timestamps can get one later."""
    commands = "".join(
        f"$ openssl ts -verify -data {path} \\\n    -in {path}.tsr \\\n    -CAfile tsa-roots.pem\n"
        for path in timestamped
    )
    example = "  openssl ts -verify -data FILE.sig -in FILE.sig.tsr -CAfile tsa-roots.pem\n"
    return (
        "WHEN IT WAS SIGNED\n\n"
        "A signature can have a timestamp: a file beside it that ends in .sig.tsr (RFC\n"
        "3161). In it a timestamp authority confirms that the signature existed at that\n"
        "time. OpenSSL checks it; `openssl ts -reply -text -in FILE.sig.tsr` prints the\n"
        "time:\n\n"
        f"{commands or example}\n"
        "`tsa-roots.pem` contains the authority's root certificate: get it from the\n"
        "authority, NEVER from inside a package. After its certificates have expired, add\n"
        "the option -attime with the timestamp's time in seconds (date -d TIME +%s): they\n"
        "must have been valid then. To accept a signing key that was valid at that time\n"
        "and has expired since, add -Overify-time=YYYYMMDDHHMMSSZ to ssh-keygen.\n\n"
        "If there are records in evidence/, they prove the time of the whole package for\n"
        "decades (RFC 4998); the documentation of the format explains how to read them.\n"
    )


def _list_of(signature_path: str) -> str:
    return signature_path.rpartition("/")[0] + "/sha512sums.txt"
