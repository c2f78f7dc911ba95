"""Keys of the session that the page Compare owns, its sweeps included (see :mod:`lstm_core.ui.widgets.keys`)."""

from lstm_core.ui.base.pages import PAGES

SECTION = PAGES["compare"].section_key
COMPARED = "compared"                      # the list of runs, as it is chosen
COMPARED_RUNS = "compared_runs"            # ids of the runs side by side; in the address as runs
COMPARED_ADDRESS = "compared_address"      # runs of the address that was read or written last
COMPARED_UNTOUCHED = "compared_untouched"  # whether the runs are still those suggested
PROBLEMS = "compare_problems"              # what is wrong with the runs asked for; told once
LINK = "compare_link"                      # link or id that is typed
AXIS = "compare_axis"                      # what the losses are drawn against
LOG = "compare_log"                        # whether they are drawn on a logarithmic scale
PART = "compare_part"                      # part of the data that is predicted
SWEEP = "sweep"                            # id of the sweep that is looked at; also in the address
SWEEP_AXES = "sweep_axes"                  # settings that a new sweep varies
SWEEP_SEEDS = "sweep_seeds"                # its seeds
SWEEP_REFUSAL = "sweep_refusal"            # why it was refused; told once
SWEEP_TAKEN = "sweep_taken"                # settings that were just taken over from a sweep
