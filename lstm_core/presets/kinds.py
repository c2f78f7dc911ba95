"""What each measure of :mod:`lstm_core.presets.measures` is called in the docs, and how its values are written."""

from __future__ import annotations

from typing import Literal

from lstm_core.i18n import gettext_noop as N_

Kind = Literal["share", "points", "count", "seconds", "number", "yes"]
"""A percentage, the difference of two, a whole number, seconds, a number; or true (1) or not (0), which is counted."""

KINDS: dict[str, Kind] = {
    "tutorial_loss": "number",
    "final_loss": "number",
    "first_cost": "number",
    "all_right": "yes",
    "best_share": "share",
    "epochs_until_right": "count",
    "epochs": "count",
    "checkpoint_difference": "number",
    "test_accuracy": "share",
    "ahead_of_pairs": "points",
    "everyday_accuracy": "share",
    "test_error": "number",
    "naive_error": "number",
    "naive_share": "share",
    "below_highest": "number",
    "skill": "number",
    "mean_relative_deviation": "share",
    "naive_deviation": "share",
    "mean_absolute_percentage_error": "number",
    "stopped_early": "yes",
    "scratch_difference": "number",
    "exact_match": "share",
    "sequences_needed": "count",
    "sequences_right": "share",
    "seconds": "seconds",
    "counts_to": "count",
}

WORDS: dict[str, str] = {
    "tutorial_loss": N_("loss as the tutorial counts it"),
    "all_right": N_("every letter named right"),
    "checkpoint_difference": N_("change of the validation loss when the checkpoint is loaded"),
    "test_accuracy": N_("test accuracy"),
    "ahead_of_pairs": N_("test accuracy ahead of counted word pairs"),
    "test_error": N_("mean absolute error, test part"),
    "skill": N_("skill against persistence, test part"),
    "mean_relative_deviation": N_("mean relative deviation, test part"),
    "mean_absolute_percentage_error": N_("MAPE, test part"),
    "stopped_early": N_("ended by early stopping"),
    "scratch_difference": N_("largest difference from torch's LSTM"),
    "exact_match": N_("exact match on held-out numbers"),
    "sequences_needed": N_("training sequences"),
    "sequences_right": N_("share right of new sequences"),
    "seconds": N_("processor time of one training"),
    "counts_to": N_("all right up to"),
}
"""What those are called that decide whether a preset reaches its goals."""
