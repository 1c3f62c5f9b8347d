"""A damaged text, as an extraction from a PDF writes it, and what must come of it."""

from __future__ import annotations

from pathlib import Path

DAMAGED = """\
Aux boulangers de Port-Lorne

a farine est cheàre, et les fours sont froids. La mairie a deécideé  que  le
pain  sera  peseé  sur  la  place  du  marcheé ,  devant  les  geérants  et  les
ouvriers. Personne n’a eé teé  preévenu :L

Les  autoriteés  ont  promis  du  bleé  apreàs  la  reécolte.  Le  bleé  n’est  pas
arriveé . Les bateaux sont resteés aà  l’entreée du port, et les sacs des boulan-

2

gers ont eé teé  vendus aà  l’eé tranger. Nous demandons que la reécolte soit
partageée  avant  l’hiver,  et  que  les  deépositaires  reépondent  du  bleé  vendu.

Le comiteé  des boulangers se reéunira samedi aà  la Maison du Peuple. Les
ouvriers-boulangers des  villages  voisins  seront  les  bienvenus.  Il  faut  que
la deécision soit prise par tous, et non par quelques-uns.

Port-Lorne, mai 1911
"""
RIGHT = """\
Aux boulangers de Port-Lorne

La farine est chère, et les fours sont froids. La mairie a décidé que le
pain sera pesé sur la place du marché, devant les gérants et les
ouvriers. Personne n’a été prévenu :

Les autorités ont promis du blé après la récolte. Le blé n’est pas
arrivé. Les bateaux sont restés à l’entrée du port, et les sacs des boulangers
ont été vendus à l’étranger. Nous demandons que la récolte soit
partagée avant l’hiver, et que les dépositaires répondent du blé vendu.

Le comité des boulangers se réunira samedi à la Maison du Peuple. Les
ouvriers-boulangers des villages voisins seront les bienvenus. Il faut que
la décision soit prise par tous, et non par quelques-uns.

Port-Lorne, mai 1911
"""
"""The text after the page number was answered with its first reading."""


def write_damaged(folder: Path, text: str = DAMAGED, encoding: str = "utf-8") -> Path:
    """Write a damaged text; return its path."""
    path = folder / "boulangers.txt"
    path.write_bytes(text.encode(encoding))
    return path
