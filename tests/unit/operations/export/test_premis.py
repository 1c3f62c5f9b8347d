"""Which premis.xml of a bag is embedded: one that means the same in another document."""

from __future__ import annotations

import pytest

from archtool.operations.export.premis import _root_element

PREMIS = '<premis xmlns="http://www.loc.gov/premis/v3" version="3.0"><object/></premis>'


def test_premis_is_embedded_without_its_declaration() -> None:
    data = f'<?xml version="1.0" encoding="UTF-8"?>\n{PREMIS}\n'.encode()
    assert _root_element(data) == PREMIS


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE premis [<!ENTITY a "b">]>' + PREMIS,
        PREMIS.replace("<object/>", "<object>"),
        PREMIS.replace("premis/v3", "premis/v2"),
        PREMIS.replace("<object/>", "<!-- \u202e -->"),
        PREMIS.replace("<object/>", "<![CDATA[\u202e]]>"),
        PREMIS.replace("object", "obj\u200dect"),
        PREMIS.replace("<object/>", '<object \u200da="b"/>'),
        PREMIS.replace("<object/>", '<?xml-stylesheet href="x"?>'),
        "</xmlData>" + PREMIS,
        PREMIS + PREMIS,
        "",
    ],
)
def test_a_document_that_another_cannot_contain_is_not_embedded(document: str) -> None:
    assert _root_element(document.encode()) is None


def test_a_document_that_is_not_utf8_is_not_embedded() -> None:
    assert _root_element(PREMIS.replace("<object/>", "é").encode("latin-1")) is None
