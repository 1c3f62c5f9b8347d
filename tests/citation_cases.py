"""Documents to cite: each with what makes a citation hard, and the twelve letters."""

from __future__ import annotations

from archtool.description.citation import make_citation
from archtool.description.citing.document_entry import make_document_entry
from archtool.description.citing.model import Entry
from archtool.description.loading import load_description
from packages import EXAMPLES
from twelve_letters import LETTERS

HEAD = "archtool: 1\ntranscription: text.txt\n"
MANUSCRIPT = """\
title: Lettre à la section de Kharkov
date: 1932-05-12
language: fr
genre: letter
creators: [{ name: Christian Rakovsky, type: person, role: author, attribution: { status: disputed } }]
addressees: [{ name: Section de Kharkov }]
source:
  type: manuscript
  archive-place: Genève
  archive: Archives d'État
  archive_collection: Fonds Dupont
  archive_location: carton 3, dossier 2
  call-number: AP 12
  pages: 12r-13v
"""
CHAPTER = """\
title: "Письмо товарищам: о расколе"
date: 1932-06~
language: ru
creators: [{ name: "Жуков, Иван Петрович", type: person, role: author }]
translation: { from: de, to: ru, translators: [{ name: Анна Орлова, type: person }] }
source:
  type: book
  title: Сборник документов
  author: [{ family: Петров, given: Пётр }]
  editor: [{ family: Сидоров, given: Сидор }]
  publisher: Наука
  place: Москва
  date: 1998
  pages: 147b-148a
"""
ARTICLE = """\
title: Letter to the editors
date: 1932-01-05
language: en
creators:
  - { name: Germaine de Staël, type: person, role: author }
  - { name: Bureau of the sections, role: author }
source:
  type: article-journal
  title: Letter to the editors
  container-title: Bulletin of an imaginary bureau
  volume: 7
  issue: 2
  date: 1932-02
  pages: 147-148
"""
ANONYMOUS = """\
title: Appeal without a name
date: ../1932-11-03
language: en
source:
  type: chapter
  container-title: Papers of a bureau
  editor: [{ family: Roe, given: Jo }]
  date: 1979
  pages: 3-16
"""
WORDS = """\
title: Lettre « sans date » ; suite
language: fr
date: 193X
source: "Archives de Genève, carton 3, pièce 4"
"""
HOSTILE = r"""
title: "Title <i>with</i> <b>markup, {braces} \\back\\slash & $1 % # _ ~ ^\nsecond line”. \\end{x} ER  - "
date: 1932?
language: en
creators: [{ name: "O'Neill {X} & <script> and others", role: author, type: person }]
source:
  type: webpage
  title: "Another {page"
  container-title: "Site <br> x\r\nTY  - BOOK"
  URL: "https://example.org/a?b=1&c={d}"
  date: 2020
  accessed: 2024-05-01
"""
RIGHT_TO_LEFT = """\
title: מכתב אל הסניפים
date: 1931/1932
language: he
creators: [{ name: דוד לוי, role: author, type: person }]
source: { type: book, title: ספר המכתבים, publisher: הוצאה, place: תל אביב, date: 1960, pages: 5 }
"""
CASES = {
    "manuscript": MANUSCRIPT,
    "chapter": CHAPTER,
    "article": ARTICLE,
    "anonymous": ANONYMOUS,
    "words": WORDS,
    "hostile": HOSTILE,
    "right-to-left": RIGHT_TO_LEFT,
}


def entry_of(text: str, *, of_source: bool = False) -> Entry:
    """Return the entry of a description; the keys that all descriptions share are added."""
    return _entry((HEAD + text).encode(), of_source=of_source)


def appeal_entry(*, of_source: bool = False) -> Entry:
    """Return the entry of the document of 1932."""
    return _entry((EXAMPLES / "rakovsky-1932" / "description.yaml").read_bytes(), of_source=of_source)


def all_entries(*, of_source: bool = False) -> list[Entry]:
    """Return the document of 1932 and all cases."""
    return [
        appeal_entry(of_source=of_source),
        *(entry_of(text, of_source=of_source) for text in CASES.values()),
    ]


def letter_entries() -> list[Entry]:
    """Return the twelve letters, whose sources are citations in words."""
    return [
        entry_of(
            f'title: "{letter.title}"\nlanguage: {letter.language}\n'
            + (f"date: {letter.date}\n" if letter.date else "")
            + f'source: "Archives de Genève, carton 3, pièce {int(letter.key)}"\n'
        )
        for letter in LETTERS
    ]


def _entry(data: bytes, *, of_source: bool) -> Entry:
    description = load_description(data, "description.yaml", is_json=False).description
    assert description is not None
    source, findings = make_citation(description.source, None)
    assert source is not None, findings
    return Entry(source) if of_source else make_document_entry(description, source)
