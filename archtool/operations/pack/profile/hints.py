"""Says what the archivist can do about a rule of a profile that the planned package does not meet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from archtool.archives import FORMATS
from archtool.bagit import finding_kinds as kinds
from archtool.bagit.media_types import is_name_of
from archtool.bagit.profile_check import UnmetRule
from archtool.description.bag_info import GENERATED_LABELS, SHARED_LABELS, SUMMARY_LABELS, why_not_label
from archtool.description.bag_info import KEY as BAG_INFO_KEY
from archtool.description.model import Description
from archtool.description.placeholders import VALUE
from archtool.description.tag_files import why_reserved
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import why_unsafe
from archtool.findings import clip
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.open_package.package_paths import CRATE_PATH, REPAIRS_FOLDER
from archtool.operations.pack.profile.planned_bag import INFO_NAME

_MAX_BLOCK_CHARS = 600  # of the lines in one hint: a hint that is clipped could not be pasted
_VALUE_CHARS = 100  # of a proposed value: people shorten or complete it
_CANNOT = "no package of archtool can meet this rule: ask who keeps the profile to change it"
LABEL_CODES = frozenset(
    [kinds.PROFILE_LABEL_MISSING.code, kinds.PROFILE_LABEL_VALUE.code, kinds.PROFILE_LABEL_REPEATED.code]
)
_MANIFEST_CODES = frozenset([kinds.PROFILE_MANIFEST_REQUIRED.code, kinds.PROFILE_MANIFEST_NOT_ALLOWED.code])
_FORM_CODES = frozenset(
    [
        kinds.PROFILE_SERIALISATION.code,
        kinds.PROFILE_SERIALISATION_FORBIDDEN.code,
        kinds.PROFILE_SERIALISATION_FORMAT.code,
        kinds.PROFILE_FOLDER_NAME.code,
    ]
)
_FILE_CODES = frozenset([kinds.PROFILE_FILE_REQUIRED.code, kinds.PROFILE_FILE_NOT_ALLOWED.code])
_KEYS = {label.casefold(): key for label, key in (*SHARED_LABELS.items(), *SUMMARY_LABELS.items())}
_GIVEN_EITHER_WAY = frozenset(["source-organization", "contact-name"])
_PLAIN_SCALAR = re.compile(r"[A-Za-z]\w*([ ./@-]\w+)*")
_GENERATED = frozenset(label.casefold() for label in GENERATED_LABELS)


class PlanHints:
    """The hints for all rules that one plan does not meet; what is to be added is one block of lines."""

    def __init__(
        self, unmet: Sequence[UnmetRule], described: DescribedDocument, *, makes_archives: bool = True
    ) -> None:
        """`makes_archives` is false where only folders can be made."""
        self._described = described
        self._makes_archives = makes_archives
        labels = [one for one in unmet if _is_free_label(one)]
        self._label_block = _within_limit(_label_line(one, described) for one in labels)
        self._together = labels[: len(self._label_block)]
        self._tag_file_lines = _lines_of_tag_files(unmet, described.description)
        missing = [one.subject for one in unmet if _is_missing_tag_file(one)]
        self._tag_files = [path for path in missing if _is_free_path(path)]

    def hint_for(self, unmet: UnmetRule) -> str:
        """Return the hint for one of the rules."""
        code, described = unmet.finding.code, self._described
        if _is_free_label(unmet):
            return self._for_label(unmet)
        if _is_missing_tag_file(unmet):
            return self._for_tag_file(unmet.subject) if _is_free_path(unmet.subject) else _CANNOT
        if unmet.tag_file not in ("", INFO_NAME):
            return self._for_tag_file_label(unmet)
        if code in LABEL_CODES:
            return _about_label(unmet, described)
        if code in _FORM_CODES:
            return _about_form(unmet, makes_archives=self._makes_archives)
        return _about_manifest(unmet) if code in _MANIFEST_CODES else _about_file(unmet, described)

    def _for_label(self, unmet: UnmetRule) -> str:
        """Return the lines for all missing labels together: each key stands once in a description."""
        description = self._described.description
        if _is_row(self._described):
            value, origin = _proposal(unmet, description)
            such_as = f", for instance with {origin}: {value}" if origin else ""
            column = f"{BAG_INFO_KEY}.{unmet.subject}"
            return f"fill in a column `{column}`{such_as}, or give a value in the defaults"
        if unmet not in self._together:
            return f"add it below `{BAG_INFO_KEY}` too:\n{_label_line(unmet, self._described)}"
        origins = [
            f"{origin} for {one.subject}"
            for one in self._together
            if (origin := _proposal(one, description)[1])
        ]
        proposed = f" (proposed: {'; '.join(origins)})" if origins else ""
        if description.bag_info:
            lines = [f"add below `{BAG_INFO_KEY}` in the description{proposed}:", *self._label_block]
        else:
            lines = [
                f"add to the description{proposed}:",
                *self._under(BAG_INFO_KEY, "{}", self._label_block),
            ]
        return "\n".join(lines)

    def _for_tag_file(self, path: str) -> str:
        """Return the lines for all missing tag files together."""
        if _is_row(self._described):
            names = f"`tag-files.1.file` has its name there, `tag-files.1.as` {path}"
            return f"put the file into the folder; {names}"
        is_json, has_others = self._described.is_json, bool(self._described.description.tag_files)
        form = '  {{ "file": {} }}' if is_json else "  - {{ file: {} }}"
        write = _quoted if is_json else _scalar
        lines = _within_limit(form.format(write(one)) for one in self._tag_files)
        above = "add it below `tag-files`" if has_others else "declare it"
        head = f"put the file into the folder of the description, and {above}:"
        return "\n".join([head, *(lines if has_others else self._under("tag-files", "[]", lines))])

    def _under(self, key: str, brackets: str, lines: Sequence[str]) -> list[str]:
        """Return lines under a new key, in the format of the description."""
        if not self._described.is_json:
            return [f"{key}:", *lines]
        commas = [*(f"{line}," for line in lines[:-1]), *lines[-1:]]
        return [f'"{key}": {brackets[0]}', *commas, brackets[1]]

    def _for_tag_file_label(self, unmet: UnmetRule) -> str:
        """Return the lines that a tag file lacks, or what to do about a wrong one."""
        path = unmet.tag_file
        origins = (one.file for one in self._described.description.tag_files if one.path == path)
        name = next(origins, path)
        if unmet.finding.code == kinds.PROFILE_LABEL_MISSING.code:
            return "\n".join(
                [f"add to the file {name} (one line for each label):", *self._tag_file_lines[path]]
            )
        what = "write one of the allowed values" if unmet.allowed else "keep one of its lines"
        return f"{what} in the file {name}"


def _lines_of_tag_files(unmet: Sequence[UnmetRule], description: Description) -> dict[str, list[str]]:
    """Return the lines to add to each tag file for the labels that it lacks."""
    lines: dict[str, list[str]] = {}
    for one in unmet:
        if one.finding.code == kinds.PROFILE_LABEL_MISSING.code and one.tag_file != INFO_NAME:
            lines.setdefault(one.tag_file, []).append(f"{one.subject}: {_proposal(one, description)[0]}")
    return {path: _within_limit(added) for path, added in lines.items()}


def _is_row(described: DescribedDocument) -> bool:
    """Return whether a description is a row of a table, which has columns instead of lines."""
    return described.embedded is not None and not described.is_json


def _within_limit(lines: Iterable[str]) -> list[str]:
    """Return the first lines that fit into one hint."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(line) > _MAX_BLOCK_CHARS:
            break
        kept.append(line)
    return kept


def _label_line(unmet: UnmetRule, described: DescribedDocument) -> str:
    value = _proposal(unmet, described.description)[0]
    if described.is_json:
        return f"  {_quoted(unmet.subject)}: {_quoted(value)}"
    return f"  {_scalar(unmet.subject)}: {_scalar(value)}"


def _is_free_label(unmet: UnmetRule) -> bool:
    """Return whether a label is missing that the archivist can give under `bag-info`."""
    name = unmet.subject.casefold()
    if unmet.tag_file != INFO_NAME or why_not_label(unmet.subject) is not None:
        return False
    is_free = name not in _GENERATED and (name not in _KEYS or name in _GIVEN_EITHER_WAY)
    return is_free and unmet.finding.code == kinds.PROFILE_LABEL_MISSING.code


def _is_free_path(path: str) -> bool:
    """Return whether a description can give a tag file this path."""
    return why_unsafe(path) is None and why_reserved(path) is None


def _is_missing_tag_file(unmet: UnmetRule) -> bool:
    is_missing = unmet.finding.code == kinds.PROFILE_FILE_REQUIRED.code
    return is_missing and not unmet.subject.startswith("data/")


def _about_label(unmet: UnmetRule, described: DescribedDocument) -> str:
    if unmet.finding.code == kinds.PROFILE_LABEL_MISSING.code:
        key = _KEYS.get(unmet.subject.casefold())
        if key is None:
            return _CANNOT
        return f"add `{key}:` to the description: archtool writes `{unmet.subject}` from it"
    return _for_wrong_label(unmet.subject, described.description, is_value=bool(unmet.allowed))


def _about_manifest(unmet: UnmetRule) -> str:
    if unmet.finding.code == kinds.PROFILE_MANIFEST_REQUIRED.code:
        return _for_required_manifest(unmet.subject)
    known = [one.value for one in Algorithm if one.value in unmet.allowed]
    return f"leave --algorithm {unmet.subject} out" if known and not unmet.is_required else _CANNOT


def _about_form(unmet: UnmetRule, *, makes_archives: bool) -> str:
    if unmet.finding.code == kinds.PROFILE_FOLDER_NAME.code:
        return (
            f"the folder has the `id` as its name, or the title: write -o {unmet.subject}.{unmet.allowed[0]}"
        )
    if unmet.finding.code == kinds.PROFILE_SERIALISATION_FORBIDDEN.code:
        return f"name the package without .{unmet.subject}, and leave --archive out"
    accepted = unmet.allowed
    formats = [one for one in FORMATS if not accepted or any(is_name_of(name, one) for name in accepted)]
    if not formats:
        return (
            f"archtool writes folders, {' and '.join(FORMATS)} only: ask who keeps the profile to accept one"
        )
    if not makes_archives:
        return f"a batch makes folders: make this package with archtool pack -o NAME.{formats[0]}"
    return f"name the package so that it ends in .{formats[0]}: -o NAME.{formats[0]}"


def _about_file(unmet: UnmetRule, described: DescribedDocument) -> str:
    if unmet.finding.code == kinds.PROFILE_FILE_NOT_ALLOWED.code:
        return _for_other_file(unmet.subject, described.description)
    if unmet.finding.code == kinds.PROFILE_FILE_REQUIRED.code:
        name = unmet.subject.removeprefix("data/")
        if unmet.subject == CRATE_PATH:
            return f"give --crate, which makes this file, or declare your own `{name}` in the description"
        return f"declare the file `{name}` in the description, under `files` for instance"
    return _CANNOT


def _proposal(unmet: UnmetRule, description: Description) -> tuple[str, str]:
    """Return a value for a missing label and where it comes from; a word to replace if there is none."""
    if unmet.allowed:
        return _short(str(unmet.allowed[0])), ""
    return next(_proposals(unmet.subject, description), (VALUE, ""))


def _proposals(label: str, description: Description) -> Iterator[tuple[str, str]]:
    """Yield values of the description that can be meant, each with its origin, for a person to choose."""
    wanted = label.casefold()
    packager, original = description.packager, description.original
    if packager is not None and wanted in ("contact-name", "source-organization"):
        yield _short(packager.name), "the packager"
    if original is not None and original.held_by is not None and wanted == "source-organization":
        yield _short(original.held_by.name), "the holder of the original"
    if wanted in ("external-description", "internal-sender-description"):
        if description.abstract is not None:
            yield _short(description.abstract), "the abstract"
        yield _short(description.title), "the title"
    if wanted == "title":  # in a tag file of a repository
        yield _short(description.title), "the title"
    if wanted == "description" and description.abstract is not None:
        yield _short(description.abstract), "the abstract"
    if wanted == "internal-sender-identifier" and description.id is not None:
        yield description.id, "the id"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _VALUE_CHARS else f"{line[: _VALUE_CHARS - 1]}…"


def _scalar(value: str) -> str:
    """Return a value as it can be written in YAML: in quotes unless it is plainly a text."""
    return value if _PLAIN_SCALAR.fullmatch(value) else _quoted(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _for_wrong_label(label: str, description: Description, *, is_value: bool) -> str:
    own = next((one for one in description.bag_info if one.casefold() == label.casefold()), None)
    if own is not None:
        what = "write one of the allowed values" if is_value else "keep one value"
        return f"{what} under `{BAG_INFO_KEY}.{own}`"
    key = _KEYS.get(label.casefold())
    if key is None:
        return _CANNOT
    what = "" if is_value else "; the description gives several"
    return f"archtool writes `{label}` from `{key}`{what}: correct it there, or ask who keeps the profile"


def _for_required_manifest(name: str) -> str:
    plain = name.lower().replace("-", "")
    if any(plain == algorithm.value for algorithm in Algorithm):
        return f"the name of an algorithm has small letters and digits only: write `{plain}` in the profile"
    return f"archtool computes: {', '.join(algorithm.value for algorithm in Algorithm)}"


def _for_other_file(path: str, description: Description) -> str:
    if path == CRATE_PATH and path.removeprefix("data/") not in description.payload_files():
        return "leave --crate out, or ask who keeps the profile to allow it"
    if path.startswith("data/"):
        return "leave the file out, or ask who keeps the profile to allow it"
    if any(tag_file.path == path for tag_file in description.tag_files):
        return "remove it from `tag-files`, or give it an allowed path with `as:`"
    if path.startswith(REPAIRS_FOLDER):
        return "ask who keeps the profile to allow `metadata/repairs/*`, which records the changes of a text"
    if path.startswith("attestations/"):
        return "leave --sign out, or ask who keeps the profile to allow `attestations/*`"
    return f"every package of archtool has {clip(path)}: ask who keeps the profile to allow it"
