"""Other words for the values of a description that are chosen from a list, in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from archtool.nearest_names import fold

_VALUE_WORDS = {
    "reproduced": (
        "included include present full complete text-included yes reproduit vorhanden воспроизведено "
        "in-package"
    ),
    "listed": "title-only titleonly mentioned named known mentionne genannt liste",
    "not-reproduced": (
        "omitted left-out excluded not-included missing-in-source non-reproduit ausgelassen notreproduced"
    ),
    "lost": "missing perdu verloren destroyed утрачено gone disparu",
    "this-document": "this self same main document itself thisdocument",
    "unknown": "inconnu unbekannt неизвестно unclear",
    "facsimile": (
        "scan scans image images photo photos photograph picture facsimiles fac-simile faksimile факсимиле "
        "tiff"
    ),
    "derived": "derivative pdf ocr conversion converted generated derive abgeleitet",
    "permission": (
        "permissions licence license letter-of-permission authorisation authorization consent autorisation"
    ),
    "supplement": "supplementary additional extra material annex attachment",
    "other": "misc miscellaneous divers sonstiges autre другое else",
    "person": "individual human people personne mensch личность man woman",
    "organization": (
        "organisation org corporate institution body corporate-body group company korperschaft организация "
        "collectif party"
    ),
    "formal": "original on-document transcribed officiel",
    "supplied": "attributed devised given assigned made-up forge constructed",
    "stated": "signed explicit certain named sure declared",
    "attributed": "attribue zugeschrieben probable supposed presumed",
    "disputed": "doubtful uncertain contested conteste umstritten",
    "rejected": "false refuted wrong rejete",
    "internal": "inside text interne intern textual",
    "external": "outside externe extern documentary",
    "conjecture": "guess hypothesis conjectural vermutung supposition",
    "high": "certain sure strong hoch haute hohe",
    "medium": "middle moderate moyen mittel average",
    "low": "weak doubtful niedrig faible bas",
    "personal_communication": "letter email e-mail mail lettre brief correspondence письмо",
    "article-journal": (
        "article journal articles paper revue artikel zeitschrift статья журнал journal-article"
    ),
    "article-newspaper": "newspaper press zeitung journal-quotidien газета",
    "article-magazine": "magazine",
    "chapter": (
        "book-section section-of-book inbook incollection chapitre kapitel beitrag глава book-chapter"
    ),
    "book": "livre buch monograph книга volume monographie edited-book libro",
    "manuscript": (
        "archive archival typescript handschrift manuscrit рукопись archives archival-document unpublished ms"
    ),
    "webpage": "website web site url online internet web-page site-web сайт",
    "thesis": "dissertation phd these diplomarbeit диссертация",
    "report": "rapport bericht отчёт technical-report",
    "pamphlet": "brochure leaflet flyer tract broschure flugblatt брошюра",
    "speech": "talk address lecture discours rede речь",
    "collection": "fonds archival-collection holdings bestand",
    "paper-conference": "conference proceedings inproceedings conference-paper",
    "periodical": "serial newsletter",
    "document": "misc text file dokument документ",
    "legislation": "law act loi gesetz закон",
    "true": "yes y oui ja да si 1 on vrai wahr",
    "false": "no n non nein нет 0 off faux falsch",
}


@cache
def words_for_values() -> Mapping[str, tuple[str, ...]]:
    """Return for each word the values that it can mean; the caller knows which are allowed."""
    found: dict[str, tuple[str, ...]] = {}
    for value, words in _VALUE_WORDS.items():
        for word in words.split():
            found[fold(word)] = (*found.get(fold(word), ()), value)
    return found
