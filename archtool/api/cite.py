"""`archtool.cite`: the citation of a packaged document, or a bibliography of several."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from archtool.api.arguments import AnyPath, moment, paths_of
from archtool.errors import UsageError
from archtool.exports.citations.styles import STYLES, TEXT_STYLES
from archtool.nearest_names import nearest_name
from archtool.operations.cite import Citation, CiteRequest
from archtool.operations.cite import cite as run


def cite(
    packages: AnyPath | Iterable[AnyPath],
    *,
    style: str = "plain",
    source: bool = False,
    accessed: date | None = None,
    transliterate: bool = False,
) -> Citation:
    """Return the citation of a packaged document; several packages make one bibliography.

    `style` is `plain`, `csl-json`, `bibtex`, `ris` or a citation style that `archtool cite --style list`
    names. With `source` the source is cited alone, without the document in it. `accessed` is the date on
    which the document was consulted. With `transliterate` titles in Cyrillic or Greek are followed by their
    transliteration.

    `findings` of the result has what contradicts the digests and signatures of the metadata.

    Raises:
        InputError: a package cannot be read, or has no citation.
        MissingPartError: the style needs the extra `cite`.
        UsageError: no package is given, there is no such style, or it cannot be transliterated.
    """
    roots = tuple(paths_of(packages))
    if not roots:
        raise UsageError("no package is given", hint="give the path of a package")
    if style not in STYLES:
        near = nearest_name(style, STYLES)
        hint = f"did you mean {near!r}?" if near else "archtool cite --style list names all styles"
        raise UsageError(f"no such style: {style!r}", hint=hint)
    if transliterate and style not in TEXT_STYLES:
        raise UsageError(
            f"{style} is for programs, which keep titles as they are", hint="leave out transliterate=True"
        )
    day = None if accessed is None else (accessed.year, accessed.month, accessed.day)
    return run(CiteRequest(roots, style, source, day, transliterate), moment(None))
