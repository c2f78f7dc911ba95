"""Keys of the session that the page Letters owns (see :mod:`lstm_core.ui.widgets.keys`)."""

TYPED = "typed"                # letters to read
TYPED_OF = "typed_of"          # run whose letters they are
NUMBER = "number"              # number to say in words
WRITE_LENGTH = "write_length"  # letters the network writes
TEMPERATURE = "temperature"    # by which the scores are divided before a letter is drawn
WRITE_SEED = "write_seed"      # seed of the draws
MEMORY = "memory"              # what the network reads before each letter it writes
TABLE_OF = "table_of"          # what the table of successors is about
MAP_IN = "map_in"              # dimensions of the map
BESIDE_WIDTH = "beside_width"  # width of the embedding beside one-hot
