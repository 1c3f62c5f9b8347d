"""Office documents and PDFs for tests, with the parts that real programs write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pypdf
from pypdf.generic import DecodedStreamObject, NameObject

CORE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<dc:title>{title}</dc:title><dc:subject></dc:subject><dc:creator>M. Smith</dc:creator>
<cp:lastModifiedBy>J. Doe</cp:lastModifiedBy><cp:revision>2</cp:revision>
<dcterms:created xsi:type="dcterms:W3CDTF">2019-03-04T10:22:00Z</dcterms:created>
<dcterms:modified xsi:type="dcterms:W3CDTF">2020-01-02T00:00:00Z</dcterms:modified>
<dc:language>fr-FR</dc:language></cp:coreProperties>"""

META = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 office:version="1.3"><office:meta><dc:title>{title}</dc:title>
<meta:initial-creator>M. Smith</meta:initial-creator><dc:creator>J. Doe</dc:creator>
<meta:creation-date>2019-03-04T10:22:00.123</meta:creation-date><dc:date>2020-01-02T00:00:00</dc:date>
<dc:language>fr-FR</dc:language></office:meta></office:document-meta>"""

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:CreateDate="2018-05-06T07:08:09+02:00">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Letter in XMP</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>A. Nin</rdf:li><rdf:li>J. Maurín</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>es</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def zipped(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def docx(core: str | None = None, title: str = "Letter") -> bytes:
    core = CORE.format(title=title) if core is None else core
    return zipped({"[Content_Types].xml": "<Types/>", "docProps/core.xml": core, "word/document.xml": "<w/>"})


def odt(title: str = "Letter") -> bytes:
    mimetype = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mimetype, "content.xml": "<o/>", "meta.xml": META.format(title=title)})


def pdf(information: Mapping[str, str] | None = None, xmp: str | None = None, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=72, height=72)
    if information:
        writer.add_metadata(dict(information))
    if xmp is not None:
        stream = DecodedStreamObject()
        stream.set_data(xmp.encode())
        stream.update(
            {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
        )
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
