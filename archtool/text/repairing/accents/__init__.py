"""The rule set `accents/1`: accents that an extraction wrote as separate letters, and the blanks after them.

A PDF that draws an accent as a glyph of its own is often extracted with one fixed letter for each accent, the
carrier: with the carriers `é` (acute), `à` (grave) and `ê` (circumflex), *élève* reads `eéleàve`.

- `carriers`: which letters and accents a language has, and which pairs of letters can be a damaged letter
- `letter_pairs`: how often one letter follows another in a language
- `accented_words`: the words of a text that have accents, with their two readings
- `carrier_inference`: which letters are carriers in this text
- `stretches`: which parts of a text are damaged
- `blanks`: whether a blank after a damaged letter is stray
- `rule`: the rule set

It knows no file and no command.
"""
