"""Other codes and names of languages: ISO 639-2 codes, and names in several languages.

The registry of languages has English names only, and a library with the names in all languages (CLDR) has
tens of megabytes. This table has the languages that are common in archives.

Source: ISO 639-2 (three letters) and ISO 639-1 (two letters).
"""

from __future__ import annotations

from functools import cache

from archtool.nearest_names import fold

_CODES = (
    "aar:aa abk:ab afr:af aka:ak alb:sq amh:am ara:ar arg:an arm:hy asm:as ava:av ave:ae aym:ay aze:az "
    "bak:ba bam:bm baq:eu bel:be ben:bn bih:bh bis:bi bod:bo bos:bs bre:br bul:bg bur:my cat:ca ces:cs "
    "cha:ch che:ce chi:zh chu:cu chv:cv cor:kw cos:co cre:cr cym:cy cze:cs dan:da deu:de div:dv dut:nl "
    "dzo:dz ell:el eng:en epo:eo est:et eus:eu ewe:ee fao:fo fas:fa fij:fj fin:fi fra:fr fre:fr fry:fy "
    "ful:ff geo:ka ger:de gla:gd gle:ga glg:gl glv:gv gre:el grn:gn guj:gu hat:ht hau:ha heb:he her:hz "
    "hin:hi hmo:ho hrv:hr hun:hu hye:hy ibo:ig ice:is ido:io iii:ii iku:iu ile:ie ina:ia ind:id ipk:ik "
    "isl:is ita:it jav:jv jpn:ja kal:kl kan:kn kas:ks kat:ka kau:kr kaz:kk khm:km kik:ki kin:rw kir:ky "
    "kom:kv kon:kg kor:ko kua:kj kur:ku lao:lo lat:la lav:lv lim:li lin:ln lit:lt ltz:lb lub:lu lug:lg "
    "mac:mk mah:mh mal:ml mao:mi mar:mr may:ms mkd:mk mlg:mg mlt:mt mon:mn mri:mi msa:ms mya:my nau:na "
    "nav:nv nbl:nr nde:nd ndo:ng nep:ne nld:nl nno:nn nob:nb nor:no nya:ny oci:oc oji:oj ori:or orm:om "
    "oss:os pan:pa per:fa pli:pi pol:pl por:pt pus:ps que:qu roh:rm ron:ro rum:ro run:rn rus:ru sag:sg "
    "san:sa sin:si slk:sk slo:sk slv:sl sme:se smo:sm sna:sn snd:sd som:so sot:st spa:es sqi:sq srd:sc "
    "srp:sr ssw:ss sun:su swa:sw swe:sv tah:ty tam:ta tat:tt tel:te tgk:tg tgl:tl tha:th tib:bo tir:ti "
    "ton:to tsn:tn tso:ts tuk:tk tur:tr twi:tw uig:ug ukr:uk urd:ur uzb:uz ven:ve vie:vi vol:vo wel:cy "
    "wln:wa wol:wo xho:xh yid:yi yor:yo zha:za zho:zh zul:zu "
)
_NAMES = """
ar: arabic, arabe, arabisch, арабский
be: belarusian, belorussian, biélorusse, belarussisch, weißrussisch, белорусский
bg: bulgarian, bulgare, bulgarisch, болгарский
ca: catalan, katalanisch, каталанский, català
cs: czech, tchèque, tschechisch, чешский, čeština, cesky
cy: welsh, gallois, walisisch, валлийский, cymraeg
da: danish, danois, dänisch, датский, dansk
de: german, allemand, deutsch, немецкий, all, aleman, tedesco
el: greek, grec, griechisch, греческий, ελληνικά, ellinika
en: english, anglais, englisch, английский, ang, ingles, inglese
eo: esperanto, espéranto, эсперанто
es: spanish, espagnol, spanisch, испанский, español, castellano, esp, castillan
et: estonian, estonien, estnisch, эстонский, eesti
eu: basque, baskisch, баскский, euskara
fa: persian, farsi, persan, persisch, персидский
fi: finnish, finnois, finnisch, финский, suomi
fr: french, français, französisch, французский, frances, francese
ga: irish, irlandais, irisch, ирландский, gaeilge
grc: ancient greek, grec ancien, altgriechisch, древнегреческий
he: hebrew, hébreu, hebräisch, иврит, еврейский, ivrit
hi: hindi, хинди
hr: croatian, croate, kroatisch, хорватский, hrvatski
hu: hungarian, hongrois, ungarisch, венгерский, magyar
hy: armenian, arménien, armenisch, армянский
is: icelandic, islandais, isländisch, исландский, íslenska
it: italian, italien, italienisch, итальянский, italiano
ja: japanese, japonais, japanisch, японский
ka: georgian, géorgien, georgisch, грузинский
kk: kazakh, kasachisch, казахский
ko: korean, coréen, koreanisch, корейский
la: latin, latein, lateinisch, латинский, латынь
lt: lithuanian, lituanien, litauisch, литовский, lietuvių
lv: latvian, letton, lettisch, латышский, latviešu
mn: mongolian, mongol, mongolisch, монгольский
nl: dutch, flemish, néerlandais, hollandais, flamand, niederländisch, нидерландский, голландский,
  nederlands
no: norwegian, norvégien, norwegisch, норвежский, norsk
oc: occitan, okzitanisch, окситанский
pl: polish, polonais, polnisch, польский, polski
pt: portuguese, portugais, portugiesisch, португальский, português
ro: romanian, rumanian, roumain, rumänisch, румынский, română
ru: russian, russe, russisch, русский, ruso, russo
sk: slovak, slovaque, slowakisch, словацкий, slovenčina
sl: slovenian, slovene, slovène, slowenisch, словенский, slovenščina
sq: albanian, albanais, albanisch, албанский, shqip
sr: serbian, serbe, serbisch, сербский, srpski, српски
sv: swedish, suédois, schwedisch, шведский, svenska
tr: turkish, turc, türkisch, турецкий, türkçe
tt: tatar, tatare, tatarisch, татарский
uk: ukrainian, ukrainien, ukrainisch, украинский, українська
uz: uzbek, ouzbek, usbekisch, узбекский
vi: vietnamese, vietnamien, vietnamesisch, вьетнамский
yi: yiddish, jiddisch, идиш
zh: chinese, chinois, chinesisch, китайский, mandarin
"""


def language_of(word: str) -> str | None:
    """Return the two-letter code of a language that has one, from another code or a name of it."""
    return _by_word().get(fold(word))


@cache
def _by_word() -> dict[str, str]:
    codes = dict(pair.split(":") for pair in _CODES.split())
    lines = _NAMES.strip().replace("\n  ", " ").splitlines()
    entries = (line.partition(": ") for line in lines)
    return codes | {fold(name): code for code, _, names in entries for name in names.split(",")}
