"""How much of a file we take on. One number each, its unit in its name; both sides of the process border read them."""

MAX_FILE_BYTES = 10_000_000
MAX_PASTE_BYTES = 4_000_000  # Word wraps a pasted table in megabytes of style
MAX_UNPACKED_BYTES = 60_000_000
MAX_UNPACKED_RATIO = 200  # deflate cannot pass 1,032; honest sheets stay under 60
MIN_RATIO_BYTES = 1_000_000  # a member smaller than this unpacked may have any ratio
MAX_MEMBERS = 2_000

MAX_TABLES = 50
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELLS = 100_000  # of all tables of one file together
MAX_CELL_CHARS = 20_000
MAX_CHARS = 5_000_000  # of all cells of one file together

MAX_SECONDS = 15  # of processor time and of waiting, each
MAX_READER_BYTES = 300_000_000  # address space of the process that reads what strangers made
MAX_WRITER_BYTES = 1_000_000_000  # of the one that writes what the site made: typst maps its fonts and threads
MAX_AT_ONCE = 2  # such processes over the whole machine
MAX_WAIT_SECONDS = 10  # for a turn among them

EXCEL_CELL_CHARS = 32_767  # Excel's own limit, beyond which it calls a workbook damaged
