"""fetch.txt: bags with holes."""

from __future__ import annotations

from corpus.case import OLD, Build, Case, incomplete, legal, writes, wrong
from unit.bagit.bag_builders import LETTER, LETTER_NAME, Files, bag_files, manifest

_URL = "https://example.org/b"
_HOLE = "A missing payload file that fetch.txt names is a hole, not damage."
_URI = "A file to be fetched is named by an absolute URI."
_LENGTH = "A length is a number of bytes, or - if it is unknown."
_EVERY = "A file to be fetched is listed in every payload manifest."
_LINE = "A line is a URI, a length and a path."
_PAYLOAD = "fetch.txt lists no tag file."


def _files(fetch: str, version: str = "1.0", name: str = "data/b") -> Files:
    files = bag_files({LETTER_NAME: LETTER, name: b"b"}, version=version)
    return files | {"fetch.txt": fetch.encode()}


def _holey(fetch: str, version: str = "1.0") -> Build:
    """Build a bag of two letters, the second of which is missing."""
    files = _files(fetch, version)
    del files["data/b"]
    return writes(files)


def _two_manifests(version: str) -> Build:
    files = _files(f"{_URL} 1 data/b\n", version)
    del files["data/b"]
    return writes(files | {"manifest-sha256.txt": manifest({LETTER_NAME: LETTER}, "sha256")})


# fmt: off
CASES: tuple[Case, ...] = (
    incomplete("hole", _HOLE, "§2.2.3", _holey(f"{_URL} 1 data/b\n"), "complete.to-fetch", "invalid"),
    incomplete("hole-of-unknown-length", _LENGTH, "§2.2.3", _holey(f"{_URL} - data/b\n"),
               "complete.to-fetch", "invalid"),
    incomplete("hole-and-oxum", "The oxum of a bag with holes is that of the whole payload.", "§2.2.2",
               writes({n: d for n, d in _files(f"{_URL} 1 data/b\n").items() if n != "data/b"}
                      | {"bag-info.txt": b"Payload-Oxum: %d.2\n" % (len(LETTER) + 1)}),
               "complete.to-fetch oxum.differs", "invalid"),
    wrong("hole-and-damage", "A hole excuses no damage.", "§3",
          writes({n: d for n,
          d in _files(f"{_URL} 1 data/b\n").items() if n != "data/b"} | {LETTER_NAME: b"x"}),
          "complete.to-fetch fixity.digest-mismatch", "invalid"),
    legal("hole-filled", "A file that fetch.txt names and that exists is an ordinary file.", "§2.2.3",
          writes(_files(f"{_URL} 1 data/b\n")), "valid"),
    legal("fetch-ark", _URI, "§2.2.3", writes(_files("ark:/57799/b 1 data/b\n")), "invalid"),
    legal("fetch-doi", _URI, "§2.2.3", writes(_files("doi:10.1000/b 1 data/b\n")), "invalid"),
    legal("fetch-tabs", "Spaces or tabs separate the three parts.", "§2.2.3",
          writes(_files(f"{_URL}\t1 \t data/b\n")), "valid"),
    legal("fetch-percent-coded", "Paths are encoded as in manifests.", "§2.2.3",
          writes(_files(f"{_URL} 1 data/100%25\n", name="data/100%")
                 | {"manifest-sha512.txt": manifest({LETTER_NAME: LETTER, "data/100%25": b"b"})}), "invalid"),
    legal("fetch-empty", "An empty fetch.txt is allowed.", "§2.2.3", writes(_files("")), "valid"),
    wrong("fetch-relative-uri", _URI, "§2.2.3", writes(_files("b.txt 1 data/b\n")), "fetch.url-malformed",
          "invalid"),
    wrong("fetch-uri-without-a-scheme", _URI, "§2.2.3", writes(_files("//example.org/b 1 data/b\n")),
          "fetch.url-malformed", "invalid"),
    wrong("fetch-uri-with-a-fragment", _URI, "§2.2.3", writes(_files(f"{_URL}#part 1 data/b\n")),
          "fetch.url-malformed", "valid"),
    wrong("fetch-uri-with-letters-not-coded", _URI, "§2.2.3",
          writes(_files("https://example.org/é 1 data/b\n")),
          "fetch.url-malformed", "valid"),
    wrong("fetch-length-in-letters", _LENGTH, "§2.2.3", writes(_files(f"{_URL} abc data/b\n")),
          "fetch.length-malformed", "valid"),
    wrong("fetch-length-below-nought", _LENGTH, "§2.2.3", writes(_files(f"{_URL} -1 data/b\n")),
          "fetch.length-malformed", "valid"),
    wrong("fetch-without-a-length", _LINE, "§2.2.3", writes(_files(f"{_URL} data/b\n")),
          "fetch.line-malformed", "crashes"),
    wrong("fetch-empty-line", _LINE, "§2.2.3", writes(_files(f"{_URL} 1 data/b\n\n")),
          "fetch.line-malformed", "crashes"),
    wrong("fetch-lists-a-tag-file", _PAYLOAD, "§2.2.3", writes(_files(f"{_URL} 1 bagit.txt\n")),
          "fetch.not-payload", "valid"),
    wrong("fetch-lists-what-no-manifest-lists", _EVERY, "§2.2.3", writes(_files(f"{_URL} 1 data/c\n")),
          "fetch.not-in-manifest", "valid"),
    wrong("fetch-listed-in-one-of-two-manifests", _EVERY, "§2.2.3", _two_manifests("1.0"),
          "complete.to-fetch fetch.not-in-manifest", "invalid"),
    incomplete("fetch-listed-in-one-of-two-manifests-of-an-old-bag", "Before 1.0 one manifest was enough.",
               "§3",
               _two_manifests(OLD), "complete.to-fetch", "invalid"),
)
# fmt: on
