"""The labels with which transcription archives describe their texts, in five languages.

Labels are compared without case and accents. A label that stands in no list is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from archtool.nearest_names import fold


class Meaning(Enum):
    """What the value behind a label is."""

    AUTHOR = "author"
    TITLE = "title"
    WRITTEN = "written"
    FIRST_PUBLISHED = "first published"
    PUBLISHED = "published"
    SOURCE = "source"
    TRANSLATED = "translated"
    TRANSCRIBED = "transcribed"
    CREDIT = "credit"
    """Markup, proofreading and conversion: said of the page, kept as a credit line."""
    ONLINE = "online version"
    RIGHTS = "rights"
    UPDATED = "updated"
    """When the page was changed last: said of the page alone."""
    LANGUAGE = "language"
    ORIGINAL_LANGUAGE = "original language"


@dataclass(frozen=True, slots=True)
class Label:
    """A label that is known."""

    text: str
    meaning: Meaning
    languages: frozenset[str]
    """The languages in which it is written so."""


_WORDS: Mapping[Meaning, Mapping[str, str]] = {
    Meaning.AUTHOR: {
        "en": "author; authors; by",
        "fr": "auteur; auteurs; autrice; auteure",
        "de": "autor; autorin; autoren; verfasser; verfasserin; von",
        "es": "autor; autora; autores",
        "ru": "автор; авторы",
    },
    Meaning.TITLE: {
        "en": "title",
        "fr": "titre",
        "de": "titel",
        "es": "titulo",
        "ru": "название; заглавие; заголовок",
    },
    Meaning.WRITTEN: {
        "en": "written; date written; composed; dated; date; delivered; drafted; written on;"
        " date of writing; spoken",
        "fr": "ecrit; ecrit le; ecrit en; date; redige; redige le; redaction; date de redaction;"
        " prononce; ecrite",
        "de": "geschrieben; geschrieben am; verfasst; verfaßt; datum; entstanden; abgefasst;"
        " gehalten; datiert",
        "es": "escrito; escrito en; redactado; fecha; redaccion; fecha de redaccion; pronunciado",
        "ru": "написано; дата; дата написания; написан; написана; составлено; произнесено; датировано",
    },
    Meaning.FIRST_PUBLISHED: {
        "en": "first published; first publication; originally published; first printed;"
        " first published in; original publication; first appeared",
        "fr": "premiere publication; premiere parution; premiere edition;"
        " publie pour la premiere fois; publication originale; premiere impression",
        "de": "zuerst veroffentlicht; erstveroffentlichung; erstmals veroffentlicht;"
        " erstausgabe; zuerst erschienen; erstdruck; erschienen zuerst",
        "es": "primera publicacion; publicado por primera vez; primera edicion;"
        " primera vez publicado; publicacion original; primera impresion",
        "ru": "впервые опубликовано; первая публикация; впервые напечатано;"
        " опубликовано впервые; первое издание",
    },
    Meaning.PUBLISHED: {
        "en": "published; publisher; publication; published in; publication date",
        "fr": "publie; publication; parution; publie dans; paru dans; edition; editeur",
        "de": "veroffentlicht; erschienen; veroffentlichung; verlag; erschienen in; ausgabe",
        "es": "publicado; publicacion; edicion; publicado en; editorial",
        "ru": "опубликовано; публикация; издание; напечатано; издательство",
    },
    Meaning.SOURCE: {
        "en": "source; sources; from; taken from; source text; text from; source of the text;"
        " text source; copied from",
        "fr": "source; sources; tire de; extrait de; d'apres; texte tire de; provenance; source du texte",
        "de": "quelle; quellen; aus; nach; entnommen aus; vorlage; textgrundlage; textquelle",
        "es": "fuente; fuentes; tomado de; fuente del texto; fuente original; procedencia; extraido de",
        "ru": "источник; источники; по изданию; печатается по; взято из; воспроизводится по;"
        " текст по изданию",
    },
    Meaning.TRANSLATED: {
        "en": "translated; translation; translated by; translator; translators; translated from",
        "fr": "traduction; traduit; traduit par; traducteur; traductrice; traduit de; traduction par",
        "de": "ubersetzung; ubersetzt; ubersetzt von; ubersetzer; ubersetzerin; deutsch von; aus dem",
        "es": "traduccion; traducido; traducido por; traductor; traductora; traduccion de;"
        " version al espanol",
        "ru": "перевод; переводчик; перевел; перевела; переведено; перевод с; перевели",
    },
    Meaning.TRANSCRIBED: {
        "en": "transcribed; transcription; transcribed by; transcriber; transcribers; typed by;"
        " transcriptor; transcript; digitized by; digitised by; scanned by; keyed by",
        "fr": "transcription; transcrit; transcrit par; saisie; numerisation; retranscription;"
        " transcripteur; numerise par; saisi par; transcription par",
        "de": "transkription; transkribiert; transkribiert von; abschrift; erfassung;"
        " transkript; eingescannt von; abgeschrieben von",
        "es": "transcripcion; transcrito; transcrito por; digitalizacion; digitalizado por;"
        " digitalizado; transcriptor; transcripcion de",
        "ru": "транскрипция; расшифровка; набор; оцифровка; распознавание; сканирование;"
        " расшифровал; набрал; набор текста",
    },
    Meaning.CREDIT: {
        "en": "transcription/markup; transcription / markup; markup; html markup; html;"
        " marked up by; marked up; proofread; proofreading; proofread by; proofed by;"
        " proofed and corrected by; proofed; ocr; ocr by; scanning; prepared by;"
        " converted by; edited by; editor; edited; formatted by; corrected by; html by;"
        " transcription/html; transcribed/html; transcription & markup;"
        " transcription and markup; xhtml markup; transcription, markup; corrected;"
        " checked; checked by; checked against; html conversion; mark up; mark-up;"
        " html mark-up; html/markup; editing; digital edition by; text prepared by;"
        " online transcription",
        "fr": "balisage; mise en page; correction; relecture; corrections; relu par; html;"
        " balisage html; mise en ligne par; transcription/balisage;"
        " transcription / balisage; mise en html; corrige par; preparation html;"
        " mise en page html; html par; transcription et html; transcription/html;"
        " editeur html; conversion html; transcription, html; relecteur;"
        " numerisation et html; preparation; edite par",
        "de": "auszeichnung; html-markierung; html; korrektur; korrekturgelesen; korrekturlesen;"
        " markierung; html-auszeichnung; transkription/html-markierung;"
        " transkription & html-markierung; lektorat; transkription und html-markierung;"
        " transkription/markierung; herausgegeben von; bearbeitet von;"
        " html-markierung und transkription; bearbeitung; herausgeber",
        "es": "html; marcado; marcado html; html y transcripcion; correccion; revision;"
        " transcripcion/html; edicion html; transcripcion y html; transcripcion/marcado;"
        " formato html; preparacion; revisado por; conversion html; esta edicion; html por;"
        " editado por; marcado por; correcciones; edicion digital",
        "ru": "разметка; html-разметка; верстка; корректура; вычитка; html; оформление;"
        " подготовка; подготовка текста; редактор; корректор; html верстка; под редакцией;"
        " редакция; вычитал; проверка; набор и верстка; набор/верстка; подготовил",
    },
    Meaning.ONLINE: {
        "en": "online version; on-line version; online; online edition; on-line;"
        " internet version; this version; online publication; placed online; this edition;"
        " web version",
        "fr": "version en ligne; mise en ligne; en ligne; edition electronique; mis en ligne;"
        " edition en ligne; version electronique; version internet",
        "de": "online-version; online-ausgabe; internet-version; diese version; online;"
        " ins netz gestellt; online gestellt; elektronische ausgabe; internetausgabe",
        "es": "version en linea; edicion digital en linea; en linea; edicion electronica;"
        " version digital; version electronica; puesto en linea; esta version;"
        " version en internet",
        "ru": "онлайн-версия; электронная версия; интернет-версия; версия онлайн; размещено;"
        " опубликовано онлайн; электронная публикация; электронное издание",
    },
    Meaning.RIGHTS: {
        "en": "public domain; copyleft; copyright; license; licence; rights; copyright ©;"
        " public domain / copyleft; permission; copyright/copyleft; creative commons;"
        " terms of use; copyright notice",
        "fr": "domaine public; copyleft; copyright; licence; droits; droits d'auteur;"
        " licence creative commons; creative commons",
        "de": "gemeinfrei; copyleft; copyright; lizenz; rechte; public domain; urheberrecht; gemeinfreiheit",
        "es": "dominio publico; copyleft; copyright; licencia; derechos; derechos de autor;"
        " esta pagina; licencias",
        "ru": "общественное достояние; копилефт; авторские права; лицензия; права;"
        " авторское право; copyright; свободное распространение",
    },
    Meaning.UPDATED: {
        "en": "last updated; last updated on; updated; last modified; last revised; page updated",
        "fr": "derniere mise a jour; mis a jour; mise a jour; derniere modification",
        "de": "letzte anderung; zuletzt aktualisiert; zuletzt aktualisiert am; letztes update; aktualisiert",
        "es": "ultima actualizacion; actualizado; ultima modificacion",
        "ru": "последнее обновление; обновлено; последнее изменение",
    },
    Meaning.LANGUAGE: {
        "en": "language; language of the text",
        "fr": "langue; langue du texte",
        "de": "sprache",
        "es": "idioma; lengua",
        "ru": "язык; язык текста",
    },
    Meaning.ORIGINAL_LANGUAGE: {
        "en": "original language; language of the original",
        "fr": "langue originale; langue d'origine; langue de l'original",
        "de": "originalsprache; sprache des originals",
        "es": "idioma original; lengua original; idioma del original",
        "ru": "язык оригинала; оригинальный язык",
    },
}
WITHOUT_COLON = frozenset(
    fold(word)
    for word in (
        "first published", "public domain", "copyleft", "copyright", "transcribed by", "translated by",
        "typed by", "marked up by", "proofread by", "traduit par", "transcrit par", "übersetzt von",
        "transkribiert von", "traducido por", "transcrito por", "digitized by", "digitised by", "html by",
        "edited by", "prepared by", "première publication", "dominio público", "domaine public",
        "last updated on", "last updated",
        "zuletzt aktualisiert am", "dernière mise à jour",
    )
)  # fmt: skip
"""Labels that are recognised without a colon behind them, such as `Translated by A. Veld`."""


_EDGES = " \u00a0:.：*[]()«»\"'"
_BETWEEN = re.compile(r"\s*(?:[/\\&+,]|\s(?:and|et|und|y|e|и)\s)\s*")
_TAIL = re.compile(r"\s+(?:(?:in|en|auf|на)\s+\w+|by|on|at|for|par|le|von|am|por)$", re.IGNORECASE)
_OF_THE_PAGE = frozenset([Meaning.TRANSCRIBED, Meaning.CREDIT])
_MAX_LABEL_CHARACTERS = 60


def _index() -> dict[str, Label]:
    found: dict[str, tuple[Meaning, set[str]]] = {}
    for meaning, by_language in _WORDS.items():
        for language, words in by_language.items():
            for word in words.split(";"):
                key = fold(word.strip())
                first, languages = found.setdefault(key, (meaning, set()))
                if first is meaning:
                    languages.add(language)
    return {key: Label(key, meaning, frozenset(languages)) for key, (meaning, languages) in found.items()}


_LABELS = _index()


def find_label(text: str) -> Label | None:
    """Return the label that a text is, or `None`.

    Known are also labels that are joined, if all are about the making of the page (`Transcription/HTML
    Markup`), and those that a language or a preposition follows (`First published in English`).
    """
    bare = text.strip(_EDGES)
    if not bare or len(bare) > _MAX_LABEL_CHARACTERS:
        return None
    known = _LABELS.get(fold(bare)) or _LABELS.get(fold(_TAIL.sub("", bare)))
    if known is not None:
        return known
    parts = [_LABELS.get(fold(_TAIL.sub("", part))) for part in _BETWEEN.split(bare)]
    made = [part for part in parts if part is not None and part.meaning in _OF_THE_PAGE]
    if len(parts) < 2 or len(made) < len(parts):
        return None
    return Label(fold(bare), Meaning.CREDIT, frozenset.intersection(*(part.languages for part in made)))
