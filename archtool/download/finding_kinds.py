"""All findings about downloads."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_OUTSIDE = ExitCode.SURROUNDINGS
_ASK_MAKER = "ask the maker of the bag where the file is now, or get it from another copy"
_RUN_AGAIN = "run the same command again: it resumes with the bytes received so far"
_OTHER_FILE = "the server now has a different file; get this one from another copy"

SCHEME_UNKNOWN = Kind(
    "remote.scheme-unknown", _ERROR, "archtool cannot download from this kind of address.",
    "get the file by other means and put it in its place in the bag, then verify the bag",
    "RFC 8493 §2.2.3",
)  # fmt: skip
SCHEME_REFUSED = Kind(
    "remote.scheme-refused", _ERROR, "This kind of address must be allowed explicitly.",
    "check the address; if you trust the maker of the bag, give --allow-scheme", "RFC 8493 §5.2",
)  # fmt: skip
URL_UNUSABLE = Kind(
    "remote.url-unusable", _ERROR, "An address in fetch.txt cannot be used.", _ASK_MAKER,
    "RFC 8493 §2.2.3",
)  # fmt: skip
ADDRESS_REFUSED = Kind(
    "remote.address-refused", _ERROR, "The host has an address that is not public: it was not contacted.",
    "if the server is in your own network and you trust the maker of the bag, give --allow-private",
    "RFC 8493 §5.2",
)  # fmt: skip
REDIRECT_REFUSED = Kind(
    "remote.redirect-refused", _ERROR, "The server redirects to an address that is not allowed.", _ASK_MAKER,
    "RFC 8493 §5.2",
)  # fmt: skip
TOO_MANY_REDIRECTS = Kind(
    "remote.too-many-redirects", _ERROR, "The server redirects too many times.", _ASK_MAKER,
    exit_code=_OUTSIDE,
)  # fmt: skip
UNREACHABLE = Kind(
    "remote.unreachable", _ERROR, "The server could not be reached.",
    "check the network and the name, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
CERTIFICATE = Kind(
    "remote.not-authentic", _ERROR, "The server's certificate could not be verified.",
    "find out why before you continue; SSL_CERT_FILE can name the file of your own authority",
    exit_code=_OUTSIDE,
)  # fmt: skip
NOT_FOUND = Kind(
    "remote.not-there", _ERROR, "The server does not have the file, or no longer has it.", _ASK_MAKER
)  # fmt: skip
REFUSED = Kind(
    "remote.refused", _ERROR, "The server answered but did not send the file.",
    "try later; archtool never sends a user name or a password from an address", exit_code=_OUTSIDE,
)  # fmt: skip
REPLY_UNUSABLE = Kind(
    "remote.reply-unusable", _ERROR, "The server's answer cannot be used as a file.",
    "get the file by other means and put it in its place in the bag, then verify the bag",
    exit_code=_OUTSIDE,
)  # fmt: skip
FILE_UNREADABLE = Kind(
    "remote.file-unreadable", _ERROR, "A `file:` address names a file that cannot be read.",
    "check its permissions, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
BROKEN_OFF = Kind(
    "remote.broken-off", _ERROR, "The connection ended before the end of the file.", _RUN_AGAIN,
    exit_code=_OUTSIDE,
)  # fmt: skip
TOO_SLOW = Kind(
    "remote.too-slow", _ERROR, "The server sends too slowly.",
    _RUN_AGAIN + "; --timeout allows more time", exit_code=_OUTSIDE,
)  # fmt: skip
TOO_LONG = Kind(
    "remote.too-long", _ERROR, "The file is longer than fetch.txt declares.", _OTHER_FILE,
    "RFC 8493 §5.3",
)  # fmt: skip
TOO_SHORT = Kind(
    "remote.too-short", _ERROR, "The file is shorter than fetch.txt declares.", _OTHER_FILE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
OVER_LIMIT = Kind(
    "remote.over-limit", _ERROR, "A file whose length fetch.txt does not declare is larger than allowed.",
    "if you expect such a large file, give --max-size", "RFC 8493 §5.3",
)  # fmt: skip
OVER_TOTAL = Kind(
    "remote.over-total", _ERROR, "All files to fetch together are larger than allowed for one bag.",
    "check with --dry-run; if you expect this amount, give --max-total", "RFC 8493 §5.3",
)  # fmt: skip
DIGEST_MISMATCH = Kind(
    "remote.digest-mismatch", _ERROR, "The received file does not match a manifest and was discarded.",
    _OTHER_FILE, "RFC 8493 §3",
)  # fmt: skip
NOT_CHECKABLE = Kind(
    "remote.not-checkable", _ERROR, "The manifests have no usable digest of the file, so it was not fetched.",
    "ask the maker of the bag for a correct one", "RFC 8493 §2.2.3",
)  # fmt: skip
NO_PLACE = Kind(
    "remote.no-place", _ERROR, "The file cannot be put in its place in the bag.",
    "check what is in that place; nothing was changed", "RFC 8493 §5.1",
)  # fmt: skip
LISTED_TWICE = Kind(
    "remote.listed-twice", _WARNING, "fetch.txt lists the same file more than once.",
    "only the first line was used; if it failed, get the file from the other address by hand",
    "RFC 8493 §2.2.3",
)  # fmt: skip
NO_STORAGE = Kind(
    "remote.no-storage", _ERROR, "The received bytes cannot be stored, because of the disk or permissions.",
    "free some space or correct the permissions, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
LOCKED = Kind(
    "remote.locked", _ERROR, "Another run is fetching the files of this bag.",
    "wait until it has ended, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
