"""Every kind of finding that fetching can give."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_OUTSIDE = ExitCode.SURROUNDINGS
_ASK = "ask whoever made the bag where the file is now, or get it from another copy"
_AGAIN = "run the same command again: what arrived so far is kept, and the rest is asked for"
_OTHER_FILE = "the server has another file now; get this one from another copy"

SCHEME_UNKNOWN = Kind(
    "remote.scheme-unknown", _ERROR, "There is no way to fetch this kind of address here.",
    "get the file by other means and put it where fetch.txt says, then verify the bag",
    "RFC 8493 §2.2.3",
)  # fmt: skip
SCHEME_REFUSED = Kind(
    "remote.scheme-refused", _ERROR, "The kind of address is one that must be allowed first.",
    "look at the address; if you trust whoever made the bag, give --allow-scheme", "RFC 8493 §5.2",
)  # fmt: skip
URL_UNUSABLE = Kind(
    "remote.url-unusable", _ERROR, "An address in fetch.txt names no place that can be asked.", _ASK,
    "RFC 8493 §2.2.3",
)  # fmt: skip
ADDRESS_REFUSED = Kind(
    "remote.address-refused", _ERROR, "The name leads to an address that is not public: nobody was asked.",
    "if the store is in your own network and you trust the bag's maker, give --allow-private",
    "RFC 8493 §5.2",
)  # fmt: skip
REDIRECT_REFUSED = Kind(
    "remote.redirect-refused", _ERROR, "The server sends on to somewhere that is not gone to.", _ASK,
    "RFC 8493 §5.2",
)  # fmt: skip
TOO_MANY_REDIRECTS = Kind(
    "remote.too-many-redirects", _ERROR, "The server sends on again and again.", _ASK, exit_code=_OUTSIDE,
)  # fmt: skip
UNREACHABLE = Kind(
    "remote.unreachable", _ERROR, "The server could not be reached.",
    "check the network and the name, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
CERTIFICATE = Kind(
    "remote.not-authentic", _ERROR, "The server could not prove that it is the one that was asked for.",
    "do not go on before you know why; SSL_CERT_FILE can name an authority of your own",
    exit_code=_OUTSIDE,
)  # fmt: skip
NOT_THERE = Kind(
    "remote.not-there", _ERROR, "The server says that the file is not there, or not any more.", _ASK
)  # fmt: skip
REFUSED = Kind(
    "remote.refused", _ERROR, "The server answered, but does not give the file.",
    "try later; archtool sends no name and no password, whatever the address holds", exit_code=_OUTSIDE,
)  # fmt: skip
REPLY_UNUSABLE = Kind(
    "remote.reply-unusable", _ERROR, "The server's answer is not one that a file can be taken from.",
    "get the file by other means and put it where fetch.txt says, then verify the bag", exit_code=_OUTSIDE,
)  # fmt: skip
FILE_UNREADABLE = Kind(
    "remote.file-unreadable", _ERROR, "A `file:` address names a file that cannot be read here.",
    "check its permissions, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
BROKEN_OFF = Kind(
    "remote.broken-off", _ERROR, "The connection ended before the file did.", _AGAIN, exit_code=_OUTSIDE
)  # fmt: skip
TOO_SLOW = Kind(
    "remote.too-slow", _ERROR, "The server sends so slowly that it was not waited for.",
    _AGAIN + "; --timeout gives more time", exit_code=_OUTSIDE,
)  # fmt: skip
TOO_LONG = Kind(
    "remote.too-long", _ERROR, "There is more than the length that fetch.txt gives.", _OTHER_FILE,
    "RFC 8493 §5.3",
)  # fmt: skip
TOO_SHORT = Kind(
    "remote.too-short", _ERROR, "There is less than the length that fetch.txt gives.", _OTHER_FILE,
    "RFC 8493 §2.2.3",
)  # fmt: skip
OVER_LIMIT = Kind(
    "remote.over-limit", _ERROR, "A file whose length fetch.txt does not give is larger than allowed.",
    "if you expect so large a file, give --max-size", "RFC 8493 §5.3",
)  # fmt: skip
OVER_TOTAL = Kind(
    "remote.over-total", _ERROR, "All that is to be fetched is more than allowed for one bag.",
    "look at --dry-run; if you expect so much, give --max-total", "RFC 8493 §5.3",
)  # fmt: skip
DIGEST_MISMATCH = Kind(
    "remote.digest-mismatch", _ERROR, "What arrived is not what a manifest says: it was thrown away.",
    _OTHER_FILE, "RFC 8493 §3",
)  # fmt: skip
NOT_CHECKABLE = Kind(
    "remote.not-checkable", _ERROR, "No manifest says what the file must be like: it was not fetched.",
    "ask whoever made the bag for a correct one", "RFC 8493 §2.2.3",
)  # fmt: skip
NO_PLACE = Kind(
    "remote.no-place", _ERROR, "The file cannot be put where fetch.txt says.",
    "look at what stands there; nothing was changed", "RFC 8493 §5.1",
)  # fmt: skip
LISTED_TWICE = Kind(
    "remote.listed-twice", _WARNING, "fetch.txt names the same file more than once.",
    "only the first line was used; if it failed, get the file from the other address yourself",
    "RFC 8493 §2.2.3",
)  # fmt: skip
NO_STORAGE = Kind(
    "remote.no-storage", _ERROR, "What arrives cannot be kept: the disk or the permissions do not allow it.",
    "free some space or mend the permissions, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
LOCKED = Kind(
    "remote.locked", _ERROR, "Another run is fetching the files of this bag.",
    "wait until it is done, then run the same command again", exit_code=_OUTSIDE,
)  # fmt: skip
