"""What every setting and option is called on the page: label and explanation under the setting's own name."""

from __future__ import annotations

from lstm_core.data.sources.indicators import INDICATORS
from lstm_core.i18n import LANGUAGES
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_

LABELS: dict[str, tuple[str, str]] = {
    "source": (N_("Sequence"), N_("Where the numbers or letters come from.")),
    # waves
    "wave": (N_("Wave"), N_("The shape of the input. Sum and product combine two sines.")),
    "target": (N_("Predict"), N_("The wave's own future, or the cosine that belongs to the same moment.")),
    "period": (N_("Period"), N_("Time steps in one cycle.")),
    "period2": (N_("Second period"), N_("Time steps in one cycle of the second sine.")),
    "noise": (N_("Noise"), N_("Standard deviation of the random noise added to the input; the wave itself goes "
                              "from -1 to 1.")),
    "length": (N_("Length"), N_("Time steps in the whole series.")),
    "noise_seed": (N_("Noise seed"), N_("Another seed draws other noise.")),
    # prices
    "market": (N_("Prices of"), N_("NASDAQ and S&P 500 are real daily prices 1999-2018 and need no network.")),
    "ticker": (N_("Ticker"), N_("Yahoo's symbol, such as AAPL, 600519.SS or ^GSPC.")),
    "start": (N_("From"), N_("First day, as YYYY-MM-DD; empty: as far back as there is.")),
    "end": (N_("Until"), N_("The day after the last, as YYYY-MM-DD; empty: up to the newest.")),
    "interval": (N_("Interval"), N_("Time from one row to the next.")),
    "features": (N_("Features"), N_("Columns the network reads at every time step.")),
    "column": (N_("Target"), N_("The column that is predicted.")),
    # letters
    "text": (N_("Letters"), N_("The letters to learn; each time the next one is to be named.")),
    "cycle": (N_("Repeat for ever"), N_("After the last letter comes the first again.")),
    # table
    "date": (N_("Dates"), N_("Column with the dates; without one the rows are numbered.")),
    "missing": (N_("Missing values"), N_("Rows with a gap can be left out, or take the value before.")),
    # examples
    "language": (N_("Language"), N_("English or Chinese.")),
    "largest": (N_("Largest number"), N_("All whole numbers from 0 to this one are said in words.")),
    "examples": (N_("Examples"), N_("How many waves there are in all.")),
    "sequences": (N_("Sequences"), N_("Sequences in an epoch of training, made anew for each epoch.")),
    "distance": (N_("Distance"), N_("Time steps that the memory must bridge; sequences vary by a tenth more.")),
    "largest_count": (N_("Largest count"), N_("Training has up to so many of each letter, the test up to twice as "
                                              "many.")),
    "depth": (N_("Depth"), N_("At most so many brackets are open at a time.")),
    "split_seed": (N_("Seed of the parts"), N_("Decides which examples train the network and which judge it.")),
    # windows
    "steps": (N_("Time steps"), N_("How many steps the network reads before it answers: the length of a window.")),
    "horizon": (N_("Steps ahead"), N_("How far the target lies after the input it belongs to; 1 is the next value.")),
    "stride": (N_("Stride"), N_("Time steps between the starts of two training windows.")),
    "validation": (N_("Validation part"), N_("Share of the series, by time, that judges the training.")),
    "test": (N_("Test part"), N_("Share at the series' end that is never used in training.")),
    "scaler": (N_("Scaling"), N_("Fitted on the training part only, so that the future cannot leak in.")),
    # network
    "cell": (N_("Cell"), N_("The recurrent cell: plain RNN, GRU or LSTM.")),
    "hidden": (N_("Hidden units"), N_("Width of the layer's memory.")),
    "dropout": (N_("Dropout"), N_("Share of the layer's outputs switched off at random in each training update.")),
    "output": (N_("Output"), N_("Predict once, after the last time step, or at every time step.")),
    "input_dense": (N_("Dense input layer"), N_("Width of a linear layer before the recurrent ones; 0: none.")),
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
    "seed": (N_("Seed"), N_("Decides initial weights, order and dropout: the same seed gives the same result.")),
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
}

OPTIONS: dict[str, str] = {
    "waves": N_("Waves"), "prices": N_("Prices"), "letters": N_("Letters"), "table": N_("Own table"),
    "digits": N_("Handwritten digits"), "reviews": N_("Shop reviews"), "numerals": N_("Numbers in words"),
    "amplitude": N_("Wave from one number"), "adding": N_("Adding problem"), "order": N_("Temporal order"),
    "recall": N_("Recall after a gap"), "reber": N_("Embedded Reber grammar"), "counting": N_("Counting"),
    "brackets": N_("Bracket matching"), **LANGUAGES,
    "sine": N_("Sine"), "square": N_("Square"), "sawtooth": N_("Sawtooth"), "sum": N_("Sum"), "product": N_("Product"),
    "wave": N_("Next value"), "cosine": N_("Cosine"),
    "nasdaq": "NASDAQ", "sp500": "S&P 500", "ticker": N_("Download"),
    "1d": N_("Daily"), "1wk": N_("Weekly"), "1mo": N_("Monthly"),
    "drop": N_("Leave out"), "carry": N_("Value before"),
    "none": N_("None"), "minmax": N_("Min-max"), "zscore": N_("z-score"),
    "rnn": "RNN", "gru": "GRU", "lstm": "LSTM",
    "last": N_("Last step"), "every": N_("Every step"),
    "one-hot": N_("One-hot"), "embedding": N_("Embedding"),
    "adam": "Adam", "sgd": "SGD",
    "off": N_("Off"), "parallel": N_("Parallel"), "staggered": N_("Staggered"),
    "train": N_("Training"), "validation": N_("Validation"), "test": N_("Test"),
}

CLASSES: dict[str, str] = {"negative": N_("discontent"), "positive": N_("content")}

COLUMNS: dict[str, str] = {
    "digit": N_("digit"), "mood": N_("mood"), "symbol": N_("sign"), "height": N_("height"), "word": N_("word"),
    "number": N_("number"), "marker": N_("marker"), "sum": N_("sum"), "class": N_("class"), "bracket": N_("bracket"),
    "wave": N_("wave"), "cosine": N_("cosine"), "letter": N_("letter"),
    "open": N_("open"), "high": N_("high"), "low": N_("low"), "close": N_("close"), "volume": N_("volume"),
}


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
