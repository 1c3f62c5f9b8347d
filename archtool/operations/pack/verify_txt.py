"""VERIFY.txt: how to check a package with programs that every system has, in plain words.

The lines that begin with `$ ` are commands; the tests run exactly those.
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
# what `sha512sum` is called for the others; the rest has no common program
_PROGRAMS = {
    Algorithm.MD5: "md5sum",
    Algorithm.SHA1: "sha1sum",
    Algorithm.SHA224: "sha224sum",
    Algorithm.SHA256: "sha256sum",
    Algorithm.SHA384: "sha384sum",
    Algorithm.SHA512: "sha512sum",
    Algorithm.BLAKE2B: "b2sum",
}


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """Who vouches for the package, as far as that is known when it is made."""

    signers: tuple[tuple[str, str], ...] = ()
    """The principals, and the paths of their signatures."""
    has_timestamps: bool = False
    cms_signed: str | None = None
    """The list that an institution's CMS signature stands for, where there is one."""


def format_instructions(
    title: str,
    algorithms: Sequence[Algorithm],
    file_count: int,
    signing: SigningFacts,
    *,
    has_encoded_names: bool,
) -> str:
    """Write VERIFY.txt."""
    # on one line: none of the title's own may be taken for a command
    heading = f"HOW TO CHECK THIS PACKAGE WITHOUT ARCHTOOL\n\nTitle: {' '.join(title.split())}\n"
    payload = _payload_section(algorithms, file_count, has_encoded_names=has_encoded_names)
    return "\n".join([heading, _OPENING, payload, _other_sections(tuple(algorithms), signing)])


@lru_cache(maxsize=16)  # packages of a batch differ in none of these
def _other_sections(algorithms: tuple[Algorithm, ...], signing: SigningFacts) -> str:
    signers = signing.signers
    stamped = [path for _, path in signers] if signing.has_timestamps else []
    voucher = _signature_section(signers) if signers else _UNSIGNED
    if signing.cms_signed is not None:
        voucher += "\n" + _cms_section(signing.cms_signed)
    sections = [
        _tag_section(algorithms),
        voucher,
        *([_time_section(stamped)] if signers else []),
        _LATER if signers else _LATER_IF_ANY,
    ]
    numbered = [f"{number}. {section}" for number, section in enumerate(sections, start=2)]
    return "\n".join([*numbered, _CLOSING])


_OPENING = """\
Open a terminal in the folder that holds this file. Each line below that begins
with a dollar sign is a command: type it without the dollar sign. Every program
named here belongs to the basic tools of Linux; on macOS write `shasum -a 512`
for `sha512sum` (and -a 256 for sha256sum).
"""
_UNSIGNED = """\
WHO VOUCHES FOR IT

Nobody signed this package when it was made. The checks above show damage; they
do not show who made the package, nor that nobody replaced it together with its
digests.
"""
_LATER_TITLE = """\
WHAT WAS ATTESTED LATER

"""
_IF_ANY = """\
Somebody may have vouched for the package later: then there is a folder
attestations/, and the commands of this part check all that is in it.

"""
_LATER_TEXT = """\
Custody transfers, fixity checks and countersignatures are added later, each in
a folder of its own below attestations/, numbered 0001, 0002 and so on without a
gap. This file is signed itself and does not change when one is added, so these
commands are for any number of them. What each one claims stands in its
statement.json: what happened, when the signers say it was, who they are.

Every list of checksums holds, the earlier ones and the later ones alike:

$ cat attestations/*/sha512sums.txt | sha512sum -c -

This proves that no tag file and no earlier attestation was changed or removed:
each list names every file of the attestations before it. (A file outside data/
that no list names was added, and nobody stands for it.) Then see that every
signature is good, whoever made it; the command stops at the first that is not:

$ (for sig in attestations/*/*.sig; do \\
    ssh-keygen -Y check-novalidate -n archtool -s "$sig" \\
    < "${sig%/*}/sha512sums.txt" || exit 1; done)

and that every one is by somebody whom your file allowed_signers names. That file
says which key belongs to whom: get it from elsewhere, never from the package.

$ (for sig in attestations/*/*.sig; do \\
    who=$(ssh-keygen -Y find-principals -f allowed_signers -s "$sig") && \\
    ssh-keygen -Y verify -f allowed_signers -I "$who" -n archtool -s "$sig" \\
    < "${sig%/*}/sha512sums.txt" || exit 1; done)

Nothing here can show that the newest attestations were taken away as a whole,
or that somebody who signed says what is true. Compare with a register, or with
another copy of the package. Attestations may also lie beside the package, in a
folder that is called like it with .attestations at the end: to check these, put
its folders into attestations/ of a copy of the package.
"""
_LATER = _LATER_TITLE + _LATER_TEXT
_LATER_IF_ANY = _LATER_TITLE + _IF_ANY + _LATER_TEXT
_CLOSING = """\
WHERE TO READ ON

bag-info.txt and metadata/ say what is in this package. It is a BagIt bag
(RFC 8493), so any BagIt tool can check it. metadata/provenance.json is W3C
PROV-JSON, metadata/premis.xml is PREMIS 3, metadata/citation.json is CSL-JSON.
"""


def _payload_section(algorithms: Sequence[Algorithm], file_count: int, *, has_encoded_names: bool) -> str:
    encoded = (
        "\nSome names here hold a per cent sign or a line end, which the manifest writes as\n"
        "%25, %0A or %0D (RFC 8493). sha512sum cannot read these lines back: compare\n"
        "such files one by one.\n"
        if has_encoded_names
        else ""
    )
    return (
        "1. THE DOCUMENTS ARE UNCHANGED\n\n"
        "Every file below data/ still has the digest that was taken when it was packed:\n\n"
        f"{_commands(algorithms, 'manifest')}\n"
        f"and no file was added (the number must be {file_count}):\n\n"
        "$ find data -type f | wc -l\n"
        f"{encoded}"
    )


def _tag_section(algorithms: Sequence[Algorithm]) -> str:
    return (
        "WHAT IS SAID OF THEM IS UNCHANGED\n\n"
        "The description, the citation, the inventory, the provenance, the manifests:\n\n"
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
        "WHO VOUCHES FOR IT\n\n"
        "These checksums were signed. First see that they hold,\n\n"
        f"{lists}\n"
        "then that the signature is good and whose it is (OpenSSH 8.1 or later):\n\n"
        f"{signatures}\n"
        "`allowed_signers` is a file that says which key belongs to whom. Get it from the\n"
        "archive itself, from its website or in print, NEVER from inside a package: who\n"
        "can change a package can change a file in it. Without such a file this says\n"
        "only whether the signature is good, not whose it is:\n\n"
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
        "An institution has signed the same checksums with its X.509 certificate (CMS):\n\n"
        f"$ {command}\n\n"
        "`ROOT.pem` holds the root certificate that the institution's own leads to: get it\n"
        "from there, NEVER from inside a package. Once the certificates have ended, add\n"
        "-attime with a time in seconds at which they were valid (date -d TIME +%s).\n"
    )


def _time_section(stamped: Sequence[str]) -> str:
    """How timestamps are checked; a package that has none yet may get one."""
    commands = "".join(
        f"$ openssl ts -verify -data {path} \\\n    -in {path}.tsr \\\n    -CAfile tsa-roots.pem\n"
        for path in stamped
    )
    example = "  openssl ts -verify -data FILE.sig -in FILE.sig.tsr -CAfile tsa-roots.pem\n"
    return (
        "SINCE WHEN\n\n"
        "Beside a signature may lie its timestamp, a file that ends in .sig.tsr (RFC 3161):\n"
        "the word of an authority that the signature was there at that time. OpenSSL\n"
        "checks it, and prints the time with `openssl ts -reply -text -in FILE.sig.tsr`:\n\n"
        f"{commands or example}\n"
        "`tsa-roots.pem` holds the authority's root certificate: get it from the authority,\n"
        "NEVER from inside a package. Once its certificates have ended, add the option\n"
        "-attime with the timestamp's time in seconds (date -d TIME +%s): they must have\n"
        "been valid then. A key that was valid at that time is to be judged by it: give\n"
        "ssh-keygen the option -Overify-time=YYYYMMDDHHMMSSZ.\n\n"
        "Records in evidence/, if there are any, prove the time of the whole package over\n"
        "the decades (RFC 4998); the format's own page says how they are read by hand.\n"
    )


def _list_of(signature_path: str) -> str:
    return signature_path.rpartition("/")[0] + "/sha512sums.txt"
