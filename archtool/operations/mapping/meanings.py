"""Knows what people call the parts of a description in English, French, German and Russian.

No list of such words is kept by a library. Words that usually have one meaning in an inventory are certain;
the others, and those for values that can hold remarks not meant for readers, are only proposed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache

from archtool.description.table.columns import ITEM, all_columns
from archtool.tables.names import normalised_name

_CERTAIN = {
    "package": "package; package name; identifier; id; item id; reference; reference code; reference number;"
    " ref; number; no; nr; item number; document number; cote; identifiant; référence; numéro; n°; code;"
    " signatur; kennung; nummer; lfd. nr.; dokumentnummer; шифр; номер; идентификатор; номер документа",
    "folder": "folder; directory; dossier; répertoire; ordner; verzeichnis; папка; каталог",
    "title": "title; document title; item title; titre; intitulé; titre du document; titel; bezeichnung;"
    " название; заглавие; заголовок; наименование; название документа",
    "date": "date; dates; document date; date of document; date of letter; letter date; date written;"
    " date du document; date de la lettre; datum; datierung; entstehungsdatum; briefdatum; дата;"
    " дата документа; дата письма; датировка",
    "place": "place; place of writing; place written; lieu; lieu d'écriture; ort; entstehungsort; schreibort;"
    " место; место написания",
    "language": "language; languages; lang; document language; langue; langues; langue du document; sprache;"
    " язык; язык документа",
    "creators": "creator; creators; author; authors; writer; sender; written by; auteur; auteurs; expéditeur;"
    " autor; autoren; verfasser; absender; автор; авторы; отправитель",
    "addressees": "addressee; addressees; recipient; recipients; destinataire; destinataires; empfänger;"
    " adressat; adressaten; адресат; адресаты; получатель",
    "transcription": "transcription; transcript; text; text file; transcription file; texte; fichier texte;"
    " fichier de transcription; transkription; abschrift; textdatei; текст; транскрипция; расшифровка;"
    " файл текста",
    "files.1.file": "image; images; scan; scans; facsimile; facsimiles; file; files; photo; photos;"
    " photographs; fac-similé; fac-similés; fichier; fichiers; numérisation; numérisations; bild; bilder;"
    " digitalisat; digitalisate; faksimile; datei; dateien; изображение; изображения; скан; сканы; фото;"
    " факсимиле; файл; файлы",
    "source": "source; source citation; citation; bibliographic reference; quelle; quellenangabe; nachweis;"
    " fundstelle; référence bibliographique; источник; библиографическая ссылка",
    "abstract": "abstract; summary; scope and content; résumé; portée et contenu; zusammenfassung; regest;"
    " аннотация; краткое содержание; резюме",
    "genre": "genre; document type; type of document; type de document; typologie; dokumenttyp; gattung;"
    " тип документа; вид документа; жанр",
    "original.held-by": "repository; holding institution; held by; lieu de conservation; dépôt;"
    " aufbewahrungsort; место хранения; хранилище",
    "original.shelfmark": "shelfmark; call number; cote originale; cote d'archives; archivsignatur;"
    " шифр хранения; архивный шифр",
    "collection": "collection; sammlung; коллекция",
    "status": "status; state; statut; état; состояние; статус",
}
_POSSIBLE = {
    "note": "note; notes; remark; remarks; comment; comments; remarque; remarques; commentaire;"
    " commentaires; observation; observations; bemerkung; bemerkungen; anmerkung; anmerkungen; kommentar;"
    " примечание; примечания; комментарий",
    "title": "name; nom; имя; objet; subject; betreff; тема",
    "creators": "from; de; von; от; rédacteur; person; personne",
    "addressees": "to; à; an; кому",
    "date": "year; année; jahr; год; when",
    "source.date": "year of publication; publication date; erscheinungsjahr; année de publication;"
    " год издания",
    "genre": "type; nature; art; typ; тип; вид",
    "abstract": "description; content; contents; contenu; inhalt; beschreibung; содержание; описание",
    "original.held-by": "archive; archives; archiv; standort; location; архив",
    "collection": "fonds; bestand; фонд; series; série",
    "rights.original": "rights; copyright; licence; license; droits; rechte; права",
    "translation.translators": "translator; translators; traducteur; traducteurs; übersetzer; переводчик",
    "translation.credit": "translation; traduction; übersetzung; перевод",
}
_PLURAL = re.compile(r"\((?:s|e|es|en|x|e?r)\)$")  # `Auteur(s)`
_MAX_COMPARED_CHARACTERS = 100  # of a name: the search takes longer than its length


def certain_key(name: str) -> str | None:
    """Return the key that the name of a column means, if it usually has only this meaning."""
    return _by_word(certain=True).get(_plain(name))


def possible_key(name: str) -> str | None:
    """Return a key that the name of a column can mean, to be proposed to a person."""
    return _by_word(certain=False).get(_plain(name))


def nearest_key(name: str, own: Sequence[str], of: str | None) -> str | None:
    """Return the existing key that is nearest to an unknown one: by meaning, then by its letters."""
    names = [column.name for column in all_columns(of)]
    lists = dict.fromkeys(name.partition(f".{ITEM}")[0] for name in names if f".{ITEM}" in name)
    known = [*own, *names, *lists]
    meant = certain_key(name) or possible_key(name)
    if meant is not None and meant.replace(".1", f".{ITEM}") in known:
        return meant
    plain = {_plain(one): one for one in known}
    short = _plain(name[:_MAX_COMPARED_CHARACTERS])
    close = difflib.get_close_matches(short, plain, n=1, cutoff=0.7)
    number = ITEM if f".{ITEM}" in name else "1"
    return plain[close[0]].replace(f".{ITEM}", f".{number}") if close else None


@cache
def _by_word(*, certain: bool) -> Mapping[str, str]:
    table = _CERTAIN if certain else _POSSIBLE
    return {_plain(word): key for key, words in table.items() for word in words.split(";")}


def _plain(name: str) -> str:
    return _PLURAL.sub("", normalised_name(name)).replace(".", "").strip(":")
