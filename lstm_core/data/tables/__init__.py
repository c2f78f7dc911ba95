"""From an uploaded file to a table: reading CSV, finding what each column holds, choosing rows and columns."""

from lstm_core.data import installed

installed.folder("pandas", "pandas")        # said in a sentence, before a module of this package imports it
