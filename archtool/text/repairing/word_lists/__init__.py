"""Word lists as evidence: plain lists, and dictionaries of hunspell (`.dic` with its `.aff`).

Dictionaries are read by our own code. spylls, the port of hunspell to Python, was tried: its last release
is of January 2022, it loads the French dictionary in 1.7 s and needs 630 to 1,450 µs for a word (this
package: 0.3 s, 5 to 30 µs), and it has no limits against a hostile file. Of the bindings to the C++
library, cyhunspell was last released in 2021 and is built for no current Python. Compound words (German,
Dutch, Hungarian …) are left out: they are unknown words here, which is the safe side for evidence.
"""
