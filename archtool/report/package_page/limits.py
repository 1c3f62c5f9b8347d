"""How much one page shows; what is left out is counted, and the page says where all of it is."""

from __future__ import annotations

PAGE_LINES = 200  # of a text in one part: about four printed pages
MAX_TEXT_BYTES = 4 * 1024 * 1024  # of all texts: a novel of 1,500 pages; browsers become slow beyond
MAX_TEXT_LINES = 50_000  # of all texts: each is an element

MAX_IMAGES = 200  # on one page
MAX_IMAGE_BYTES = 16 * 1024 * 1024  # of one image: a good scan for the screen has 2 MB
MAX_IMAGES_BYTES = 64 * 1024 * 1024  # of all images: the page has a third more, and must still open
MAX_IMAGE_PIXELS = 100_000_000  # of one image: a browser needs 4 bytes of memory for each

MAX_FILES = 10_000  # in the table of the payload: 3 MB of page
OPEN_FILES = 50  # a longer table is folded
MAX_ANNEXES = 2_000  # in the tree
MAX_FINDINGS_OF_CODE = 50  # findings of one code
MAX_ATTESTATIONS = 100  # the first, and the newest
MAX_ROWS = 500  # in each table of the history
