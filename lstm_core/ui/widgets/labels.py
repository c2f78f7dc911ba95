"""What every setting and option is called on the page: label and explanation under the setting's own name.

What belongs to one source stands in its form, see :mod:`lstm_core.ui.widgets.sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from lstm_core.data.sources.indicators import INDICATORS
from lstm_core.i18n import LANGUAGES
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.ui.widgets.sources import FORMS

Said = TypeVar("Said")


def _of_all(parts: Iterable[Mapping[str, Said]]) -> dict[str, Said]:
    """Return what all sources say of their own settings, options or columns."""
    return {name: said for part in parts for name, said in part.items()}


LABELS: Mapping[str, tuple[str, str]] = {
    "source": (N_("Sequence"), N_("Where the numbers or letters come from.")),
    # sources, as far as several have the setting
    "period": (N_("Period"), N_("Time steps in one cycle.")),
    "features": (N_("Features"), N_("Columns the network reads at every time step.")),
    "column": (N_("Target"), N_("The column that is predicted.")),
    "language": (N_("Language"), N_("English or Chinese.")),
    "sequences": (N_("Sequences"), N_("Sequences in an epoch of training, made anew for each epoch.")),
    "distance": (N_("Distance"), N_("Time steps that the memory must bridge; sequences vary by a tenth more.")),
    "split_seed": (N_("Seed of the parts"), N_("Decides which examples train the network and which judge it.")),
    # windows
    "steps": (N_("Time steps"), N_("How many steps the network reads before it answers: the length of a window.")),
    "horizon": (N_("Steps ahead"), N_("How far the target lies after the input it belongs to; 1 is the next value.")),
    "stride": (N_("Stride"), N_("Time steps between the starts of two training windows.")),
    "validation": (N_("Validation part"), N_("Share of the series, by time, that judges the training.")),
    "test": (N_("Test part"), N_("Share at the series' end that is never used in training.")),
    "scaler": (N_("Scaling"), N_("Fitted on the training part only, so that the future cannot leak in.")),
    # network
    "cell": (N_("Cell"), N_("What the recurrent layers are made of.")),
    "hidden": (N_("Hidden units"), N_("Width of the layer's memory.")),
    "dropout": (N_("Dropout"), N_("Share of the layer's outputs switched off at random in each training update.")),
    "output": (N_("Output"), N_("Predict once, after the last time step, or at every time step.")),
    "input_dense": (N_("Dense input layer"), N_("Width of a linear layer before the recurrent ones; 0: none.")),
    "initial": (N_("Initial weights"), N_(
        "How they are drawn. Keras: uniform after Glorot, recurrent ones orthogonal, biases 0. torch: uniform within "
        "1/√H, biases too. Tutorial: dense layers from N(0, 1) with biases 0.1, the cell's gates as one Glorot "
        "matrix. The forget bias is added.")),
    "forget_bias": (N_("Forget bias"), N_("Initial bias of the forget gate; positive values start by remembering.")),
    "chrono": (N_("Chrono initialisation"), N_("Draw the biases of forget and input gate for memories of up to so many "
                                               "time steps; 0: the forget bias is used instead.")),
    "relu_head": (N_("ReLU layer after"), N_("Width of a layer between the recurrent ones and the output; 0: none.")),
    "conv": (N_("Convolution beside"), N_("Filters of a convolution (3 steps wide, the larger of every two kept) that "
                                          "reads the window beside the recurrent layers; 0: none.")),
    "encoding": (N_("Letters enter as"), N_("One-hot: a column per letter. Embedding: learned coordinates.")),
    "embedding": (N_("Embedding width"), N_("How many numbers describe a letter.")),
    # training
    "epochs": (N_("Epochs"), N_("How often the training part is gone through.")),
    "batch": (N_("Batch"), N_("Windows in one update of the weights.")),
    "lr": (N_("Learning rate"), N_("Size of the steps; it can be changed while training.")),
    "seed": (N_("Seed"), N_("Decides initial weights, order and dropout. On the same kind of machine the same seed "
                            "gives the same result to the last bit; on another kind the same within what seeds "
                            "vary.")),
    "optimizer": (N_("Optimiser"), N_("Adam adapts the step of each weight; SGD is plain gradient descent.")),
    "clip_norm": (N_("Gradient clipping"), N_("Largest norm of the gradient; 0: not clipped.")),
    "patience": (N_("Early stopping"), N_("Stop after so many epochs without a better validation loss; 0: never.")),
    "target_score": (N_("Enough right"), N_("Stop after an epoch with such a share right of the validation part; "
                                            "0: never.")),
    "keep_best": (N_("Keep the best"), N_("End with the weights that had the lowest validation loss.")),
    "stateful": (N_("Carry the state"),
                 N_("Hand the state from batch to batch (truncated back-propagation through time). "
                    "Parallel: as many streams as the batch has rows. Staggered: each row starts "
                    "one window after the row before it.")),
    "shuffle": (N_("Shuffle"), N_("Draw the order of the training windows anew in every epoch.")),
} | _of_all(form.labels for form in FORMS.values())

OPTIONS: Mapping[str, str] = {
    **LANGUAGES,
    "none": N_("None"), "minmax": N_("Min-max"), "zscore": N_("z-score"),
    **{key: cell.name for key, cell in CELL_TYPES.items()},
    "last": N_("Last step"), "every": N_("Every step"),
    "one-hot": N_("One-hot"), "embedding": N_("Embedding"),
    "keras": N_("As Keras"), "torch": N_("As torch"), "tutorial": N_("As the tutorial"),
    "adam": "Adam", "sgd": "SGD",
    "off": N_("Off"), "parallel": N_("Parallel"), "staggered": N_("Staggered"),
    "train": N_("Training"), "validation": N_("Validation"), "test": N_("Test"),
} | {kind.source: form.name for kind, form in FORMS.items()} | _of_all(form.options for form in FORMS.values())

CLASSES: Mapping[str, str] = _of_all(form.classes for form in FORMS.values())

COLUMNS: Mapping[str, str] = {"symbol": N_("sign"), "letter": N_("letter")} | _of_all(
    form.columns for form in FORMS.values())


def setting_label(setting: str) -> str:
    """Return what a setting is called in the language now in use."""
    name, _explanation = LABELS[setting]
    return _(name)


def option_label(option: str) -> str:
    """Return what an option is called in the language now in use."""
    return _(OPTIONS[option])


def class_label(name: str) -> str:
    """Return what a class is called in the language now in use; letters, words and digits stay as they are."""
    return _(CLASSES[name]) if name in CLASSES else name


def column_label(name: str, own: bool = False) -> str:
    """Return what a column is called in the language now in use; names that a person gave stay as they are."""
    if own:
        return name
    if name.startswith("column "):      # of an image
        return _("column {number}").format(number=name.removeprefix("column "))
    return _(INDICATORS[name].title) if name in INDICATORS else _(COLUMNS[name]) if name in COLUMNS else name
