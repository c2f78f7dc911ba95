"""Keys of the session that the page Memory owns (see :mod:`lstm_core.ui.widgets.keys`)."""

FACTOR = "memory_factor"           # factor of each step in the arithmetic
N = "memory_n"                     # steps there
PART = "memory_part"               # part of the data that is read
AT = "memory_at"                   # which of its windows or examples, from 1
LAYER = "memory_layer"             # recurrent layer, from 1
SHARE = "memory_share"             # percent of the training that is done
SHARED = "memory_shared"           # whether all curves begin at 1
WHOSE = "memory_whose"             # whose gradients are shown
TASK = "memory_task"               # what the cells side by side have learned
EXPLODING = "memory_exploding"     # which network explodes
FEATURE = "memory_feature"         # feature that is nudged
ADDING_REFUSAL = "adding_refusal"  # why a run of the adding problem was refused; told once
