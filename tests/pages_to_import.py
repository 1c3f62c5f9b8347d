"""Invented pages of transcription archives, and records of other programs: nothing in them is copied."""

from __future__ import annotations

ENGLISH = """\
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html lang="en">
<head>
<title>Anna Veld: To the Bakers of Port Lorne</title>
<meta name="author" content="J. Typist">
<meta name="generator" content="Hand 1.0">
</head>
<body>
<p><a href="index.htm">Archive of the Harbour</a> | <a href="../veld/index.htm">Anna Veld</a></p>
<h2>Anna Veld</h2>
<h1>To the Bakers of Port Lorne</h1>
<hr>
<p><b>Written:</b> May 12, 1911, on the quay.<br>
<b>First Published:</b> <i>The Harbour Light</i>, No. 7, June 1911<br>
<b>Source:</b> Anna Veld, <i>Letters and Leaflets</i>, Quay Press, Port Lorne 1948, pp. 31-33.<br>
<b>Translated:</b> from the German by Mary Quill<br>
<b>Transcription/Markup:</b> J. Typist/P. Marker<br>
<b>Proofread:</b> O. Reader, 2006<br>
<b>Delivered to:</b> the guild<br>
<b>Public Domain:</b> Archive of the Harbour (2004). You may freely copy this work.</p>
<hr>
<p>Bakers! The flour is <em>dear</em><a href="#n1"><sup>1</sup></a>, and the ovens are cold.</p>
<p>We ask for<br>
bread.</p>
<blockquote><p>No bread, no ships.</p></blockquote>
<h3>Notes</h3>
<p><a name="n1">[1]</a> Two pence the pound. See <a href="prices.htm">the prices</a>.</p>
<hr>
<p><a href="#top">Top of page</a></p>
</body>
</html>
"""
FRENCH = """\
<html><head><title>Aux typographes de Valcroix</title>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"></head>
<body bgcolor="#ffffff">
<h1>Aux typographes de Valcroix</h1>
<dl>
<dt>Auteur :<dd>Émile Garance
<dt>Écrit :<dd>1er mai 1908
<dt>Première publication :<dd>« Le Plomb », nº 4, 1908
<dt>Source :<dd>Émile Garance, Écrits, Valcroix, Éditions du Môle, 1931, p. 12
<dt>Traduction :<dd>Traduit de l’allemand par Jeanne Lys
<dt>Transcription :<dd>A. Copiste
<dt>Balisage :<dd>B. Baliseur
<dt>Tirage :<dd>300 exemplaires
</dl>
<p>Camarades, la casse est vide.
<p>À demain !
</body></html>
""".replace("’", "'")
GERMAN = """\
<html><head><title>An die Weber von Steinau</title></head><body>
<h1>An die Weber von Steinau</h1>
<table>
<tr><td><b>Geschrieben:</b></td><td>3. März 1899</td></tr>
<tr><td><b>Zuerst veröffentlicht:</b></td><td>Der Webstuhl, Nr. 2, 1899</td></tr>
<tr><td><b>Quelle:</b></td><td>Der Webstuhl, Nr. 2, S. 1</td></tr>
<tr><td><b>Transkription:</b></td><td>Karl Abschreiber</td></tr>
<tr><td><b>Auflage:</b></td><td>500</td></tr>
</table>
<p>Weber! Der Webstuhl steht still.</p>
<table><tr><td>Garn<td>3 Pfennig<tr><td>Tuch<td>9 Pfennig</table>
</body></html>
"""
SPANISH = """\
<html lang="es"><head><meta charset="utf-8"><title>A los carpinteros</title></head><body>
<h3>A los carpinteros</h3>
<div><span class="info">Escrito:</span> 14 de julio de 1921<br/>
<span class="info">Primera publicación:</span> «El Cepillo», 1921<br/>
<span class="info">Fuente:</span> «El Cepillo», núm. 9, pág. 2<br/>
<span class="info">Transcripción:</span> Luisa Copia<br/>
<span class="info">Esta edición:</span> Archivo del Taller, 2011<br/></div>
<p>Carpinteros: la madera espera.</p>
</body></html>
"""
RUSSIAN = """\
<html><head><title>К ткачам</title></head><body>
<h2>К ткачам</h2>
<p><strong>Написано:</strong> май 1905 г.<br>
<strong>Впервые опубликовано:</strong> «Челнок», № 3, 1905<br>
<strong>Источник:</strong> «Челнок», № 3, с. 4<br>
<strong>Перевод:</strong> с немецкого, Ольга Перова<br>
<strong>Набор:</strong> Иван Наборщиков</p>
<p>Ткачи! Станок стоит, и нитка порвана.</p>
</body></html>
"""
PLAIN_LABELS = """\
<html><body>
<h1>Minute of the Lamp Society</h1>
Date: 4 March 1887<br>
Source: Minute book of the Lamp Society, p. 12<br>
Transcribed by: Ruth Scribe<br>
<br>
Date: the lamps were counted.<br>
All were lit.
</body></html>
"""
ARCHIVE = """\
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x">
<html>
<head>
<meta http-equiv="content-type" content="text/html; charset=iso-8859-1" />
<meta name="author" content="A. Typist" />
<title>Anna Veld: The Lamps (May 1911)</title>
<style type="text/css">p{}</style>
</head>
<body>
<p class="toplink"><a id="top" href="../index.htm" >Veld Archive</a> &nbsp;|&nbsp;
<a href="../../index.htm">Harbour Archive</a></p>
<h2>Anna Veld</h2>
<h3>The Lamps</h3>
<h4>(May 1911)</h4>
<hr class="infotop" />
<p class="information"><span class="info">Written:</span> Spring 1911.<br />
<span class="info">First published in English:</span> <em>Light</em>, Vol.&nbsp;V No.&nbsp;21
(Whole No.&nbsp;117), 21 May 1911, p.&nbsp;1.<br />
<span class="info">Source:</span> <a href="http://example.org/light/"><em>Light</em></a>, Vol.&nbsp;V.<br />
<span class="info">Transcription/HTML Markup:</span> A. Typist for the <strong>Archive</strong>.<br />
<span class="info">Copyleft:</span> Archive (harbour.example) 2014. Permission is granted to copy.</p>
<hr class="infobot" />
<p class="fst">The lamps &#8211; they burn.<a href="#f1" name="a1">[1]</a></p>
<h4>Footnotes</h4>
<p class="note"><a name="f1" href="#a1">1.</a> Not always.</p>
<p class="link">&nbsp;</p>
<hr />
<p class="linkback"><a href="#top">Top of the page</a></p>
<p class="updat">Last updated on: 19.4.2015</p>
</body>
</html>
"""
PAGES = {
    "english": (ENGLISH, "utf-8"),
    "french": (FRENCH, "windows-1252"),
    "german": (GERMAN, "windows-1252"),
    "spanish": (SPANISH, "utf-8"),
    "russian": (RUSSIAN, "windows-1251"),
    "plain": (PLAIN_LABELS, "ascii"),
    "archive": (ARCHIVE, "iso-8859-1"),
}
TEI = """\
<TEI xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader><fileDesc>
<titleStmt><title>Lettre aux tonneliers</title><author>Émile Garance</author>
<respStmt><resp>transcribed by</resp><name>A. Copiste</name></respStmt></titleStmt>
<publicationStmt><publisher>Archives du Môle</publisher>
<availability><p>CC BY 4.0</p></availability></publicationStmt>
<sourceDesc><biblStruct><analytic><title level="a">Lettre aux tonneliers</title></analytic>
<monogr><title level="m">Écrits</title><imprint><pubPlace>Valcroix</pubPlace>
<publisher>Éditions du Môle</publisher>
<date when="1931">1931</date><biblScope unit="page">40-41</biblScope></imprint></monogr></biblStruct>
</sourceDesc>
</fileDesc>
<profileDesc><creation><date when="1909-02">février 1909</date></creation>
<langUsage><language ident="fr">français</language></langUsage></profileDesc></teiHeader>
<text><body><head>Lettre aux tonneliers</head>
<p>Le chêne<note n="1">de la forêt</note> est <del>bon</del> cher.</p>
<lg><l>Un cercle,</l><l>deux cercles.</l></lg></body></text>
</TEI>
"""
DUBLIN_CORE = """\
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Letter to the coopers</dc:title>
<dc:creator>Veld, Anna</dc:creator>
<dc:date>1910-03-02</dc:date>
<dc:language>en</dc:language>
<dc:source>Archive of the Harbour, box 3, folder 9</dc:source>
<dc:subject>Coopers</dc:subject>
<dc:rights>Public domain</dc:rights>
</oai_dc:dc>
"""
BIBTEX = r"""@comment{made by hand}
@incollection{garance1931,
  author = {Garance, {\'E}mile},
  title = {Aux typographes},
  booktitle = {{\'E}crits},
  publisher = {{\'E}ditions du M{\^o}le},
  address = {Valcroix},
  year = 1931,
  pages = {12--14},
  shelf = {B 7}
}
@book{veld1948, author = {Veld, Anna and {Quay Press}}, title = {Letters}, year = {1948}, month = may}
@book{veld1948, author = {Veld, Anna}, title = {Leaflets}, year = {1949}}
@misc{broken, title = {Never closed
"""
RIS = """\
TY  - CHAP
AU  - Garance, Émile
TI  - Aux typographes
T2  - Écrits
PB  - Éditions du Môle
CY  - Valcroix
PY  - 1931
SP  - 12
EP  - 14
C7  - a lost tag
ER  -\x20
"""
CSL_JSON = """\
[{"id": "garance1931", "type": "chapter", "title": "Aux typographes", "container-title": "Écrits",
  "author": [{"family": "Garance", "given": "Émile"}], "issued": {"date-parts": [[1931]]}, "page": "12-14"}]
"""
RECORDS = {
    "letter.tei": TEI,
    "letter.xml": DUBLIN_CORE,
    "books.bib": BIBTEX,
    "books.ris": RIS,
    "books.json": CSL_JSON,
}


def page_bytes(name: str) -> bytes:
    """Return the bytes of a page in its encoding."""
    text, encoding = PAGES[name]
    return text.encode(encoding)
