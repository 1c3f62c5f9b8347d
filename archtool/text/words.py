"""Words of a text, for all that compares words: letters with their combining marks, nothing else.

An apostrophe or a hyphen ends a word: `l'été` has two, `peut-être` has two.
"""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W\d_][\u0300-\u036f]*(?:[^\W\d_][\u0300-\u036f]*)*")
"""A run of letters of any script; a letter can have combining marks."""
