"""How much the pages of a site show."""

from __future__ import annotations

ENTRIES_PER_PAGE = 500  # 200 KB: it opens at once, also on a telephone
MAX_CONTENTS = 300  # links at the top of an index; more groups are named by their first letters
FEW_GROUPS = 40  # in a list on the first page
FEW_ENTRIES = 60  # documents that the first page lists itself
AUTHORS_IN_LINE = 5  # of a document in a list
TITLE_CHARACTERS = 300  # of a title in a list; its page has all of it
FEED_ENTRIES = 50  # the newest ones: readers of feeds expect no more
SITEMAP_ADDRESSES = 50_000  # sitemaps.org allows no more in one file
SEARCH_WORDS = 4_000  # characters of further words in the search index, for each document
