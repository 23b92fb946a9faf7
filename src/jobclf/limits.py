"""Every limit on what comes in, in one table, which SECURITY.md shows.

What goes over one is refused by name, or not read further. Each line says what is counted, first
its unit, and after a semicolon why.
"""

# Files of one posting
FILE = 32 << 20  # bytes of a file
ORDINARY_FILE = 4 << 20  # bytes of a file that is read without a process of its own
TEXT = 1_000_000  # letters of a text that is judged
TERM = 100  # letters of a word or phrase that a model knows

# PDF
PDF = 16 << 20  # bytes of the file
PDF_PAGES = 60  # pages
PDF_STREAM = 8 << 20  # bytes of a stream, unpacked
PDF_STEPS = 150_000  # operators on all pages; a page of text has some hundreds
PDF_DRAWINGS = 2_000  # drawings within drawings of a page
PDF_PARSING = 300_000  # steps of taking a stream apart
PDF_RESOURCES = 1_000  # drawings whose fonts are looked at
PDF_MAPPED = 1_000_000  # letters that fonts map; each page makes an entry for each anew
PDF_NOTES = 5_000  # fields and notes of a page
PDF_DEPTH = 20  # fields in each other

# Office files
ARCHIVE = 128 << 20  # bytes of all parts, unpacked
ARCHIVE_READ = 8 << 20  # bytes of the parts that are read, unpacked
ARCHIVE_PARTS = 10_000  # parts
WORD_FILES = 500  # documents within a document
WORD_DEPTH = 3  # documents in each other

# Pages
PAGE_ELEMENTS = 100_000  # elements of a page; those of job boards have some thousands
PAGE_DEPTH = 2_000  # elements in each other
PAGE_POSTINGS = 1_000  # postings of a page
PAGE_FRAMES = 20  # frames of a page
PAGE_SCRIPT = 4 << 20  # letters of a script that is read as JSON
PAGE_STATE = 16 << 20  # letters of all state objects of a page

# Mail
MAIL_MESSAGES = 1_000  # messages of a mailbox
MAIL_LINES = 500_000  # lines of a message
MAIL_STEPS = 10_000_000  # lines times boundaries of parts
MAIL_HEADERS = 2_000  # headers of all parts
MAIL_HEADER = 16 << 10  # bytes of a header
MAIL_DEPTH = 5  # messages attached to each other
MAIL_ATTACHED = 20  # attachments that are opened

# Tables
COLUMNS = 10_000  # columns
CELL = 32 << 20  # letters of a cell of CSV
TEXT_CELL = 32 << 20  # letters of a cell that is judged
HEADER = 1 << 20  # bytes of the names of columns in CSV
AHEAD_ROWS = 200  # rows looked at for the columns
AHEAD = 8 << 20  # bytes of them, all columns counted
BATCH_ROWS = 512  # rows that are judged together
BATCH = 4 << 20  # bytes of them, all columns counted, or one row
JSON_LINE = 32 << 20  # bytes of a line of JSON
JSON = 256 << 20  # bytes of a JSON file that is no lines
JSON_VALUES = 1 << 24  # brackets and commas in JSON that is read at once
JSON_LOOSE = 4_000_000  # tokens of what is not quite JSON, such as JSON5
JSON_DEPTH = 100  # levels of JSON in each other
PARQUET_PAGE = 512 << 20  # bytes that a page of Parquet on this machine says it has
PARQUET_BATCH = 64 << 20  # bytes of a batch of Parquet, unpacked
PARQUET_ROW = 128 << 20  # bytes of a row of Parquet that has a cell larger than a posting
FEED_ITEM = 8 << 20  # letters of XML in which an item of a feed ends
FEED_START = 64 << 10  # bytes in which the root of a feed begins
FEED_DEPTH = 100  # elements of a feed in each other
WORKBOOK = 256 << 20  # bytes of an Excel file
WORKBOOK_UNPACKED = 1 << 30  # bytes of all its parts, unpacked
WORKBOOK_PARTS = 10_000  # parts of an Excel file
DATABASE_CELL = 32 << 20  # bytes of a value of SQLite
DATABASE_COPIED = 1 << 30  # bytes of a database that is copied first: packed, elsewhere, with a log
DATABASE_STEPS = 2_000_000_000  # steps of SQLite between two batches of rows

# Model files
MODEL = 16 << 20  # bytes of the file
MODEL_STEPS = 10_000  # opcodes; a model file has some 200
MODEL_NAMES = 100  # families, kinds of titles, facts of a kind in the card
MODEL_NAME = 100  # letters of a name
MODEL_FACT = 1_000  # letters of a fact in the card
MODEL_NUMBER = 10**9  # a weight or count, of either sign

# Processes that parse
PARSER_MEMORY = 2 << 30  # bytes of address space (POSIX)
PARSER_SECONDS = 120  # seconds of the processor (POSIX), or of waiting
PARSER_FILES = 200  # files that one reads before another takes its place
PARSER_KEPT = 400 << 20  # bytes that one may hold after a file and stay (Linux)

# The server
REQUEST_JSON = 8 << 20  # bytes of a request in JSON, or of a line of a batch
REQUEST_POSTING = 33 << 20  # bytes of a form with one file of a posting
REQUEST_TABLE = 2 << 30  # bytes of all files of a table
REQUEST_FILES = 10_000  # files of a table
REQUESTS_HELD = 512 << 20  # bytes of all requests that are held at once
SPOOLED = 2 << 30  # bytes of answers that wait for a client who does not read
TABLES_KEPT = 8  # tables that are kept
CONNECTIONS = 400  # connections
WORKER_MEMORY = 4 << 30  # bytes of address space of a worker (POSIX)
WORKER_KEPT = 700 << 20  # bytes that a worker may hold after a task and stay
TEXT_WITHIN = 20  # seconds for a text
FILE_WITHIN = 60  # seconds for a file of one posting, a row, or a part of a batch
SILENT = 120  # seconds without a word of a table's progress
HEADERS_WITHIN = 10  # seconds for the headers of a request
STALLED = 15  # seconds without a byte of a request
STREAM_STALLED = 120  # seconds without a byte of a batch
