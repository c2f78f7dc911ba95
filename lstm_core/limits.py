"""The public limits: how large a run, a table or a request may be, each in one place.

A setting's limit is found under the setting's own name (the name it has in the specs, in the address
bar and on the page). Raise them on a machine of your own; a shared machine is safest as they are.
"""

from __future__ import annotations

from typing import NamedTuple


class Range(NamedTuple):
    """The lowest and the highest value a number may take, both included."""

    low: float
    high: float


NUMBERS: dict[str, Range] = {
    # data
    "period": Range(2, 10_000),
    "period2": Range(2, 10_000),
    "noise": Range(0, 10),
    "length": Range(20, 100_000),
    "noise_seed": Range(0, 2**31 - 1),
    "steps": Range(1, 500),
    "horizon": Range(0, 100),
    "stride": Range(1, 500),
    "validation": Range(0, 0.5),
    "test": Range(0, 0.5),
    "split_seed": Range(0, 2**31 - 1),
    "largest": Range(99, 9_999),
    "examples": Range(20, 10_000),
    "sequences": Range(20, 100_000),
    "distance": Range(20, 1_000),
    "largest_count": Range(2, 50),
    "depth": Range(1, 8),
    # model
    "hidden": Range(1, 512),
    "dropout": Range(0, 0.9),
    "input_dense": Range(0, 512),
    "embedding": Range(1, 64),
    "forget_bias": Range(-10, 10),
    "chrono": Range(0, 10_000),
    "relu_head": Range(0, 512),
    "conv": Range(0, 256),
    # training
    "epochs": Range(1, 5_000),
    "batch": Range(1, 4_096),
    "lr": Range(1e-6, 10),
    "clip_norm": Range(0, 1_000),
    "patience": Range(0, 1_000),
    "target_score": Range(0, 1),
    "seed": Range(0, 2**31 - 1),
}

LAYERS = 4                      # recurrent layers in one network
PARAMETERS = 2_000_000          # weights and biases in one network
UPDATE_NUMBERS = 12_000_000     # numbers that one update keeps in memory; each takes a worker about 15 bytes,
STORED_UPDATE_NUMBERS = 16_000_000      # and of a run that was begun when so many were allowed
UPDATES = 1_000_000             # weight updates in one run
WAVE_POINTS = 1_000_000         # time steps of all waves that are made from one number each
LETTERS = 20_000                # letters in a text
NAME_LETTERS = 200              # letters of a ticker, of a column's name and the like
ALPHABET = 200                  # different letters in a text
TABLE_ROWS = 100_000            # rows of an uploaded table
TABLE_COLUMNS = 100             # columns of an uploaded table
TABLE_CELLS = 1_000_000         # rows times columns of an uploaded table
TABLE_BYTES = 20_000_000        # bytes of an uploaded table
DATE_COLUMNS = 3                # columns of an uploaded table that are read as dates
CELL_LETTERS = 200              # letters of a cell of an uploaded table that are read
CLASSES = 100                   # classes at a time,
CLASS_LEARNERS = 100            # learners in one of them,
CLASS_HOURS = 12                # and hours after which it ends
UPLOADS = 4                     # uploaded files of one session that the server holds at a time
UPLOADED_BYTES = 40_000_000     # bytes of the uploaded files of all sessions that the server holds at a time
HOUR_BYTES = 200_000_000        # bytes of tables and prices that one person may have kept within an hour,
ALL_HOUR_BYTES = 2_000_000_000  # and all people together
HOUR_DOWNLOADS = 60             # downloads of prices that one person may ask for within an hour,
ALL_HOUR_DOWNLOADS = 900        # and all people together
FEATURES = 64                   # columns that enter a network together
SNAPSHOTS = 200                 # snapshots kept of one run
SNAPSHOT_BYTES = 16_000_000     # bytes that all snapshots of one run may take together
SHOWN_POINTS = 200              # points of a part (training, validation, test) drawn while a run trains
SHOWN_EXAMPLES = 40             # examples of a part drawn while a run learns to name their class
RUN_BYTES = 32_000_000          # bytes of the runs in memory; beyond them what the database has as well is read anew
SERIES_CACHED = 16              # prepared series one process keeps at hand
CACHED_BYTES = 64_000_000       # bytes that these may take together; the newest is kept whatever its size
UNFINISHED_RUNS = 8             # runs one person may have that are neither finished nor stopped
COMPARED_RUNS = 8               # runs that are laid over each other at one time
SWEEP_AXES = 3                  # settings that one sweep goes over
SWEEP_SEEDS = 10                # seeds for each setting of a sweep
SWEEP_RUNS = 120                # runs of one sweep
SWEEP_UPDATES = 300_000         # weight updates in all runs of one sweep
SWEEP_TOGETHER = 2              # runs of one sweep that take turns with everybody else's at a time
UNFINISHED_SWEEPS = 1           # sweeps one person may have that are neither finished nor cancelled
KEPT_DAYS = 30                  # days that a run or a sweep is kept after it was last changed or looked at
KEPT_SERIES_DAYS = 1            # days that an uploaded series is kept which no run uses,
SPARE_SERIES_DAYS = 1 / 24      # and while the database is too large
KEPT_RUNS = 200                 # runs kept of one person, sweeps not counted
KEPT_SWEEPS = 20                # sweeps kept of one person
KEPT_BYTES = 2_000_000_000      # bytes of the database at any moment; the oldest runs go before it comes to that
COURSES = 5_000                 # people whose course is kept,
COURSE_DAYS = 365               # for so many days after it was last changed or looked at
COURSE_BYTES = 100_000          # bytes of one person's course; all together are at most a quarter of KEPT_BYTES
HOUR_RUN_BYTES = 400_000_000    # bytes that the runs begun by one person within an hour may take: ten of the largest
RATE_CHANGES = 200              # changes of the learning rate in one run
PACE = Range(0.1, 1_000)        # updates per second a person may ask for
READING = 3e11                  # weights x time steps x samples that a network reads at once: about 10 seconds
ANSWER_SECONDS = 60             # seconds that workers may spend on one question about a trained network
QUESTIONS = 8                   # such questions that one person may have waiting
SLICE_TIMEOUT = 120             # seconds after which a slice that has not come back counts as lost
WORKERS = 64                    # worker processes of one server
STREAMS = 32                    # tabs in which one person may watch runs that train at one time,
ADDRESS_STREAMS = 256           # and all people of one address, such as a school's
CHANGES = 30                    # changes inside a cell that one person tries together
UNREAD_BYTES = 16_000_000       # bytes of large answers over HTTP that wait for those who asked to read them
READ_SECONDS = 30               # seconds in which somebody must read 64 kB of what waits for them, or all of it
CELL_VIEWS = 128                # sequences that browsers look into at one time
CELL_QUESTIONS = 200            # questions about the inside of a cell that one person may have waiting
CELL_VIEW_SECONDS = 21_600      # seconds after which a sequence that nobody looks into is forgotten
MESSAGES, MESSAGES_AT_ONCE = 10, 30     # messages per second of one tab; a slider that is dragged sends five
ADDRESS_MESSAGES, ADDRESS_MESSAGES_AT_ONCE = 100, 300       # of one address: 60 people move one slider a second
ADDRESS_PAGES = 2               # pages of one address that are drawn at one time: Python has no use for more;
PAGE_SECONDS = 0.5              # one that takes longer waits for something else, and lets the next begin
MESSAGE_BYTES = 1_000_000       # bytes of a browser's message; a long text in widgets and address takes 300,000
MESSAGE_ENTRIES = 2_000         # widgets, names and other entries in it; the fullest page has 200
ADDRESS_REQUESTS, ADDRESS_REQUESTS_AT_ONCE = 300, 600       # over HTTP of one address; a page asks for 45 at first
ADDRESS_ANSWERS = 8             # requests of one address that are worked on at one time, until their answer begins,
ANSWER_BEGINS = 0.5             # or so many seconds have passed
ADDRESS_CONNECTS, ADDRESS_CONNECTS_AT_ONCE = 10, 240        # websockets per second that one address may open,
ADDRESS_CONNECTIONS = 512       # and hold at one time; a tab that watches a training holds two
ADDRESS_UPLOADS = 40            # uploads of one address that may be on their way at one time,
ADDRESS_UPLOAD_BYTES = 10_000_000       # and bytes per second of them together
UPLOAD_SECONDS = 600            # seconds that an upload may take
SILENT_SECONDS = 20             # seconds after which a connection without a question, or a stopped upload, is closed
DESCRIPTORS = 65_536            # files and connections that the server asks its system for
