"""How often undamaged texts have a base letter before a letter that could be the accent of another one.

In Czech, `ně` is a syllable and not a damaged `ň`; in Spanish `ió` ends many words. Rates are occurrences in
a million letters, of both cases together; 1 stands for pairs of rare words. Other pairs of the letters of a
language do not occur in its words.

Source: counted in Debian's packages of fortunes and of the Debian Reference (0.5 to 2.8 million letters for
each language) and of word lists (wfrench, wspanish, wportuguese, wpolish, wngerman, hunspell-cs).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_COUNTED = {
    "fr": "aî95 uê14 oî12 oû4 uè2 uï2 aè aô eâ eô eû iâ iô oê uâ uî eï uë",
    "es": "ió6902 uí209 ié163 ué130 aí83 iá14 aú8 eí4 uá4 eó2 aá aé aó eá eú ií iú oá oé oí oó uó eé",
    "pt": "cç674 eú212 iá166 aí86 uí49 iú18 ué11 ió7 oá7 eá2 aé aó aú eé eí eó ié oé oí oó uá uó eâ oê",
    "cs": (
        "ně5078 tě2350 dě2110 tř1433 eč1415 ež1385 eš969 eř622 tš480 dř407 rž332 nž265 rč235 nč190 zř166"
        " eň163 rš153 eď140 iá118 dč113 dň99 nš98 ií83 dš61 ió57 eú56 eá54 sť52 uá49 zš49 ié47 dž42 zč25"
        " eť20 tň20 rť14 sň13 zň13 yé12 aú10 rň10 rď5 sč5 tč5 iú3 oá2 yú2 cť2 aó eó oú ué uí uó uú yá yí"
        " yó cč cň dť nď nť sř sž tž zď zť zž uů"
    ),
    "pl": "oś1415 oń256 có156 só126 nó109 oć46 zó41 oź26 sć4 zż4 nń3 zś3 nć2 aą2 oó cś zć eą eę lł",
    "de": "uä4 oä oö uü",
}
_ONE = re.compile(r"(\D\D)(\d*)")
LEGITIMATE = {"uê": re.compile("uê(?<=[qgQG]uê)"), "oê": re.compile("oê(?<=[pP]oê)(?=l)")}
"""What finds the pairs of frequent words, such as « quête » and « poêle »: they are never damage."""


def rates_of(language: str) -> Mapping[str, int]:
    """Return the rates of the pairs of one language; none for a language that was not counted."""
    counted = _COUNTED.get(language, "")
    return {found[1]: int(found[2] or 1) for found in _ONE.finditer(counted.replace(" ", ""))}
