"""How large a table can be before it is refused: a spreadsheet must not fill memory."""

from __future__ import annotations

MAX_ROWS = 1_000_000  # a spreadsheet has 1,048,576 at most
MAX_COLUMNS = 1_000  # the longest known description in one row has about fifty
MAX_CELL_CHARACTERS = 100_000  # a long abstract; a spreadsheet allows 32,767
MAX_NAME_CHARACTERS = 200  # of a column

MAX_FORMAT_CHARACTERS = 255  # of a format code; the limit of spreadsheets

MAX_LINE_BYTES = 16 * 1024 * 1024  # a file without line ends must not fill memory

MAX_EXACT = 10**15  # a spreadsheet stores fifteen digits of a number and rounds longer ones
MAX_SHOWN_CHARACTERS = 60  # of a value in a message

MAX_PARTS = 10_000  # a workbook usually has some dozen
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024  # a million rows with thirty cells each
MAX_STRINGS_BYTES = 256 * 1024 * 1024  # the texts of all cells are kept in memory

MAX_ROW_TAGS = 16_384 * 8  # a spreadsheet has at most 16,384 columns; a cell with a formula has six tags
MAX_ROW_BYTES = 64 * 1024 * 1024
MAX_PART_TAGS = 1_000_000  # of styles, names, relationships, and of a sheet outside its rows
MAX_STRINGS_TAGS = 16_000_000  # of the texts of all cells: four per text

MAX_WEIGHED_WORDS = 5_000  # different words that are not ASCII; more of them show no more about an encoding
MAX_WORD_BYTES = 100  # a longer run of letters is no word
MAX_TITLE_ROWS = 9  # rows above the row of names: a title, who made the table, empty rows
MAX_MERGED_RANGES = 100_000  # of a sheet: more than fit above the row of names
MAX_NAMED_RANGES = 50  # merged cells that are named in one round of complaints
