"""Other words for the keys of a description, in English, French, German, Russian and Spanish.

A word stands for a key of the same object, or of an object below it (`source.date`). Each word is folded:
without case, accents, blanks, underscores and hyphens.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from archtool.nearest_names import fold

_NOTE_WORDS = "notes comment comments remark remarks remarque commentaire anmerkung bemerkung примечание"
_PERSON = {
    "name": (
        "nom nombre имя фамилия fullname label person who author surname lastname family nachname prenom"
    ),
    "type": "kind art typ тип sort category",
    "id": "uri url viaf isni orcid wikidata gnd identifier identifiant kennung link",
    "note": _NOTE_WORDS,
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "description": {
        "archtool": "version format schema archtool-version",
        "id": "identifier identifiant kennung идентификатор slug key package-id signatur",
        "title": (
            "titre titel titulo название заглавие заголовок name heading headline caption label subject "
            "objet betreff intitule"
        ),
        "title-status": "title-type titlestate statut-du-titre",
        "genre": (
            "type kind document-type doctype form art typ тип вид категория gattung dokumentart nature"
        ),
        "date": (
            "dated when datum fecha дата created written creation-date date-written document-date "
            "date-of-document datierung"
        ),
        "source.date": (
            "year annee jahr ano год publication-year publication-date date-of-publication published issued "
            "erscheinungsjahr date-de-publication"
        ),
        "place": "lieu ort место location city town ville stadt where origin lugar entstehungsort город",
        "abstract": (
            "summary resume zusammenfassung аннотация description regest regeste synopsis scope-and-content "
            "inhalt contents-summary краткое-содержание resumen"
        ),
        "language": "lang langue sprache idioma язык languages sprachen langues locale",
        "creators": (
            "author authors auteur auteurs verfasser autor autoren autores автор авторы writer writers "
            "written-by creator created-by by sender senders from expediteur absender отправитель ecrivain "
            "signatory signatories signataire correspondent contributors contributor ersteller urheber"
        ),
        "addressees": (
            "recipient recipients addressee to destinataire destinataires empfanger adressat adressaten "
            "адресат адресаты получатель receiver receivers addressed-to destinatario"
        ),
        "original": "original-document urschrift подлинник оригинал manuscript",
        "original.held-by": (
            "archive archives repository repositories holder holding-institution held-by institution archiv "
            "архив library-holding depot fonds keeper owner bestandshalter custodian aufbewahrungsort"
        ),
        "original.shelfmark": (
            "call-number callnumber cote shelf-mark reference-code archival-reference ref reference-number "
            "шифр fonds-number inventory-number aktenzeichen signature"
        ),
        "original.medium": "material support medium physical-description materialart материал carrier",
        "original.signed": "signed is-signed signe unterzeichnet подписан",
        "original.language": "original-language langue-originale originalsprache язык-оригинала",
        "source": (
            "citation bibliography reference references bibliographie quelle quellen источник fuente cite "
            "cited-from taken-from biblio bibliographic-reference edition published-in literatur "
            "quellenangabe bibliographic-citation sources publication библиография"
        ),
        "source.publisher": "publisher editeur verlag издательство editorial",
        "source.pages": "page pages seiten seite страницы pp",
        "source.container-title": (
            "journal book container-title periodical revue zeitschrift журнал newspaper"
        ),
        "source.volume": "volume vol tome band том",
        "source.URL": "url link website web lien weblink ссылка",
        "source.DOI": "doi",
        "source.ISBN": "isbn",
        "source.library": "library bibliotheque-zotero csl zotero zotero-library",
        "translation": "traduction ubersetzung перевод translated traduccion translations",
        "translation.translators": (
            "translator translators traducteur traducteurs traductrice ubersetzer переводчик переводчики "
            "translated-by traductor"
        ),
        "translation.credit": "translation-credit credit credits credit-line",
        "translation.from": "translated-from source-language",
        "translation.to": "translated-into target-language",
        "transcription": (
            "text texts texte texto body transcript transcripts content contents fulltext full-text "
            "transkription abschrift текст транскрипция transcriptions textfile text-file file main-file "
            "document volltext транскрипт datei fichier"
        ),
        "annexes": (
            "attachment attachments appendix appendices enclosure enclosures annex anhang anhange anlage "
            "anlagen beilage beilagen приложение приложения piece-jointe pieces-jointes supplement "
            "supplements anexo anexos beiliegend"
        ),
        "files": (
            "images scans facsimiles facsimile other-files additional-files pictures image scan payload "
            "dateien fichiers файлы media digital-objects photos bilder"
        ),
        "left-out": (
            "exclude excluded excludes ignore ignored ignores skip skipped omit omitted except leave-out "
            "not-packed exclusions исключить"
        ),
        "custody": (
            "provenance history custodial-history ownership acquisition herkunft provenienz происхождение "
            "chain-of-custody events historique custody-history"
        ),
        "rights": (
            "license licence licenses lizenz copyright lizenzen rechte droits права лицензия licencia "
            "derechos rights-statement terms access-rights usage-rights urheberrecht"
        ),
        "collection": (
            "group series fonds-title sammlung bestand коллекция фонд collection-title set project dossier "
            "record-group coleccion"
        ),
        "packager": (
            "packaged-by contact organization organisation responsible prepared-by compiler curator "
            "bearbeiter упаковщик maker"
        ),
        "note": _NOTE_WORDS,
    },
    "agent": _PERSON,
    "creator": {
        **_PERSON,
        "role": "rolle роль relation function fonction funktion relator",
        "attribution": "attributed certainty-of-attribution zuschreibung атрибуция attribution-status",
        "attribution.status": "status statut",
        "attribution.certainty": "certainty confidence certitude sicherheit",
        "attribution.evidence": "evidence preuve beleg",
        "attribution.basis": "basis proof proofs",
    },
    "attribution": {
        "status": "state statut zustand статус type",
        "evidence": "proof-type preuve beleg evidence-type",
        "certainty": "confidence cert certitude sicherheit probability уверенность",
        "basis": "based-on proof proofs sources grounds because id ids",
        "by": "who author attributed-by auteur par von",
        "note": f"{_NOTE_WORDS} reason why explanation",
    },
    "original": {
        "language": "lang langue sprache язык languages",
        "signed": "is-signed signature signe unterzeichnet подписан signed-by",
        "medium": "material support physical-description type format form материал extent",
        "held-by": (
            "archive archives repository holder institution location place archiv архив fonds owner held "
            "keeper library bibliotheque depot holding where lieu-de-conservation"
        ),
        "shelfmark": (
            "call-number callnumber cote signatur shelf-mark reference ref number identifier id code шифр "
            "inventory-number archival-reference"
        ),
        "note": _NOTE_WORDS,
    },
    "translation": {
        "from": "source source-language original-language from-language lang-from de von с original",
        "to": "into target target-language language lang to-language langue sprache vers nach язык",
        "credit": "credits credit-line statement mention text",
        "translators": (
            "translator translated-by traducteur traducteurs ubersetzer переводчик by author authors name "
            "names who"
        ),
        "date": "year when datum annee дата dated",
        "first-in-language": "first first-translation is-first unpublished inedit erstubersetzung",
        "note": _NOTE_WORDS,
    },
    "transcription-file": {
        "file": "path filename file-name name fichier datei файл text document src href transcription",
        "id": "identifier identifiant key",
        "title": "titre titel name-of-text label heading название caption",
        "language": "lang langue sprache язык languages",
        "credit": "credits credit-line mention",
        "method": "how methode source process technique ocr метод",
        "transcribers": (
            "transcriber transcribed-by author authors by typed-by typist transcripteur bearbeiter creators"
        ),
        "date": "year when datum annee дата transcription-date",
        "encoding": (
            "charset character-set characterset codepage kodierung encodage кодировка character-encoding"
        ),
        "repair": (
            "repaired repairs reparation reparatur исправление correction corrections corrected "
            "normalisation normalization text-repair repaired-from"
        ),
        "repair.original": "original extraction as-arrived raw unrepaired extracted-from",
        "repair.changes": "changes change-log changelog log diff changes-file",
        "accept-text": "accept accepted accept-warnings allow ignore ignore-text keep suppress tolerate",
        "note": _NOTE_WORDS,
    },
    "text-repair": {
        "original": (
            "file source from before raw extraction extracted input as-arrived original-file unrepaired "
            "quelle"
        ),
        "changes": "change-log changelog log diff list changes-file record corrections protokoll journal",
        "note": _NOTE_WORDS,
    },
    "within": {
        "file": "path filename file-name name fichier datei файл document text in transcription",
        "from-line": (
            "line lines start first begin from first-line start-line begins von de с startline begin-line "
            "line-from ab"
        ),
        "to-line": "end last to last-line end-line ends until bis a до endline line-to through",
    },
    "annexe": {
        "title": "titre titel name label heading название caption subject заголовок",
        "status": "state statut zustand статус type availability where",
        "id": "identifier identifiant key",
        "number": "no nr num numero nummer номер position order",
        "date": "year when datum annee дата dated",
        "language": "lang langue sprache язык languages",
        "creators": (
            "author authors auteur auteurs verfasser автор writer by creator from sender written-by"
        ),
        "addressees": "recipient recipients to destinataire destinataires empfanger адресат addressee",
        "according-to": "source stated-by says who reported-by selon laut",
        "file": "path filename file-name fichier datei файл text transcription document body",
        "within.from-line": "from-line line lines start start-line first-line",
        "within.to-line": "to-line end end-line last-line",
        "within": "in inside range part-of contained-in dans innerhalb",
        "enclosures-stated": "enclosure-count number-of-enclosures stated enclosures-count count announced",
        "enclosures": (
            "annexes annexe attachments attachment appendices appendix anlagen beilagen приложения children "
            "items pieces-jointes enclosure"
        ),
        "note": _NOTE_WORDS,
    },
    "other-file": {
        "file": "path filename file-name name fichier datei файл folder directory dir document image src",
        "role": "type kind rolle роль use usage function category",
        "id": "identifier identifiant key",
        "title": "titre titel label heading название caption",
        "language": "lang langue sprache язык languages",
        "of": "for part belongs-to relates-to shows about target accompanies",
        "derived-from": "from source made-from original derived converted-from parent",
        "method": "how methode process software technique tool метод",
        "date": "year when datum annee дата created",
        "credit": "credits credit-line photographer photo-credit mention copyright",
        "note": _NOTE_WORDS,
    },
    "custody-event": {
        "event": "type kind event-type what action ereignis событие evenement",
        "label": "description title text name titre titel what-happened summary details",
        "date": "year when datum annee дата time",
        "by": "agent who from actor author par von responsible",
        "to": "recipient holder new-owner receiver an a владелец custodian",
        "place": "location where lieu ort место city",
        "evidence": "proof basis source sources beleg preuve",
        "note": _NOTE_WORDS,
    },
    "rights": {
        "statement": (
            "license licence status text code uri url type value rights identifier lizenz copyright droits"
        ),
        "holder": "owner rights-holder copyright-holder author who titulaire inhaber правообладатель",
        "credit": "credits credit-line attribution mention",
        "note": _NOTE_WORDS,
    },
    "rights-by-layer": {
        "original": "document source text manuscript work",
        "edition": "publication book editor",
        "translation": "translated-text traduction ubersetzung",
        "transcription": "transcript text-transcription abschrift",
        "annexes": "attachments appendices anlagen enclosures",
        "facsimiles": "images scans pictures photos files facsimile",
        "package": "metadata bag description all",
    },
    "source": {
        "cite": "key citekey citation-key cite-key bibkey zotero-key",
        "library": "bibliography zotero csl-file bibfile bib bibliotheque",
        "type": "kind genre-of-source art typ тип category",
        "date": "year annee jahr ano год publication-date publication-year published datum дата when",
        "place": "lieu ort место city location publication-place ville verlagsort address",
        "pages": "page-range pp seiten seite страницы folios",
        "container-title": (
            "journal journal-title book book-title in periodical booktitle revue zeitschrift журнал "
            "newspaper magazine container collection-of"
        ),
        "container-title-translated": "translated-title title-translated translated-container-title",
        "language": "lang langue sprache язык",
        "publisher": "editeur verlag издательство publishing-house press editorial",
        "author": "authors auteur auteurs verfasser автор writer by creators creator autor",
        "editor": "editors edited-by ed eds herausgeber redacteur редактор",
        "translator": "translators translated-by traducteur ubersetzer переводчик",
        "title": "titre titel название name",
        "volume": "vol tome band том",
        "issue": "no nr number-of-issue heft numero номер",
        "edition": "ed-number auflage издание",
        "URL": "link website uri web lien ссылка href",
        "archive": "repository holder held-by archiv архив institution",
        "archive_location": "shelfmark cote signatur call-no",
        "collection-title": "series serie reihe серия",
        "ISBN": "isbn-13 isbn-10",
        "note": "notes comment remark remarque anmerkung примечание",
        "accessed": "access-date retrieved consulted",
        "medium": "material support",
    },
}


@cache
def words_for_keys(place: str) -> Mapping[str, str]:
    """Return the words for the keys of an object, by the name of its place in the schema."""
    return _by_word(_WORDS.get(place, {}))


def _by_word(words_by_target: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for target, words in words_by_target.items():
        for word in words.split():
            found.setdefault(fold(word), target)
    return found
