"""What learners of recurrent networks often believe, what is true, and where one of them asks.

A card says by their keys which of them its wrong options have (``meets`` in :mod:`lstm_core.lessons.cards`);
``docs/misconceptions.md`` lists the cards.
"""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.i18n import gettext_noop as N_


@dataclass(frozen=True)
class Misconception:
    """One belief."""

    key: str            # in ``meets``
    claim: str          # as one who believes it would say it
    truth: str          # one sentence
    source: str         # a public thread, as a Markdown link


def _source(title: str, address: str) -> str:
    return f"[{title}](https://{address})"


_ALL = (
    Misconception(
        "units_are_steps",
        N_("A layer has as many units as the sequence has time steps."),
        N_("Units are how many numbers the state has; the same units read every time step, however many there are."),
        _source("Building LSTM networks", "github.com/keras-team/keras/issues/2114")),
    Misconception(
        "weights_per_step",
        N_("Each time step has weights of its own."),
        N_("The same weights are used at every time step: a longer sequence adds no weight."),
        _source("Understanding number of parameters in an RNN",
                "community.deeplearning.ai/t/understanding-number-of-parameters-in-an-rnn/281248")),
    Misconception(
        "units_independent",
        N_("A cell is a neuron, and the units of a layer know nothing of each other."),
        N_("A cell is a whole layer at one time step, and each of its units reads what all of them showed one step "
           "before."),
        _source("Questions about LSTM cells, units and inputs",
                "datascience.stackexchange.com/questions/25463/questions-about-lstm-cells-units-and-inputs")),
    Misconception(
        "axes_mixed",
        N_("Samples, time steps and features are interchangeable: only the number of values must fit."),
        N_("The network steps along the time steps, reads all features of one step at once, and starts afresh with "
           "every sample."),
        _source("Understanding Keras LSTMs", "stackoverflow.com/questions/38714959/understanding-keras-lstms")),
    Misconception(
        "last_is_one_number",
        N_("With return_sequences=False a layer gives one number."),
        N_("It gives the hidden state of the last time step: one number for each unit."),
        _source("LSTM multidimension input", "github.com/keras-team/keras/issues/5608")),
    Misconception(
        "states_same",
        N_("Cell state, hidden state and output are three names for one thing."),
        N_("The cell state c stays inside the layer, the hidden state h is what the output gate lets out of it, and "
           "the network's output is computed from h by one more layer."),
        _source("Previous and next hidden state in LSTM",
                "stats.stackexchange.com/questions/245024/previous-and-next-hidden-state-in-lstm")),
    Misconception(
        "hn_output",
        N_("In PyTorch, output and h_n hold the same numbers."),
        N_("output has h of the last layer at every time step, h_n has h of every layer at the last time step: they "
           "share one entry, h of the last layer at the last step."),
        _source("Clarify difference between output and h_n in RNN?",
                "discuss.pytorch.org/t/clarify-difference-between-output-and-h-n-in-rnn/146724")),
    Misconception(
        "f_one_forgets",
        N_("A forget gate at 1 forgets."),
        N_("The old cell state is multiplied by f: 1 keeps all of it, 0 forgets it."),
        _source("The forget (vs. remember) gate",
                "community.deeplearning.ai/t/the-forget-vs-remember-gate/490060")),
    Misconception(
        "state_survives",
        N_("The state goes on from one window to the next by itself."),
        N_("Each window begins with a state of zeros, unless the state of the one before is handed over on purpose."),
        _source("When does keras reset an LSTM state?",
                "stackoverflow.com/questions/43882796/when-does-keras-reset-an-lstm-state")),
    Misconception(
        "shuffle_destroys",
        N_("Shuffling the windows destroys the order in time."),
        N_("Shuffling changes which window comes first, not the order inside a window; it does harm only where the "
           "state is carried from one window to the next."),
        _source("Shuffle in time series", "community.deeplearning.ai/t/shuffle-in-time-series/384140")),
    Misconception(
        "gates_abolish",
        N_("With gates, gradients no longer vanish."),
        N_("Along the cell state the gradient is multiplied by f at every step: it lasts while f stays close to 1, "
           "and vanishes where f is smaller."),
        _source("Why do we need both cell state and hidden value in LSTM networks",
                "stats.stackexchange.com/questions/341739/why-do-we-need-both-cell-state-and-hidden-value-in-lstm-"
                "networks/350089")),
    Misconception(
        "looks_close",
        N_("A forecast that lies close to the true curve is a good one."),
        N_("Yesterday's value lies close, too: a forecast is good when its error is clearly smaller than that of the "
           "best naive forecast."),
        _source("It seems like predicted price is off 1 day on IBM or maybe i missunderstood something",
                "github.com/jinglescode/time-series-forecasting-pytorch/issues/8")),
    Misconception(
        "one_step_is_free",
        N_("A network that predicts the next step well also goes on well by itself."),
        N_("When it goes on by itself it reads its own predictions, and its errors enter with them and can grow."),
        _source("LSTM Timeseries recursive prediction converge to same value",
                "datascience.stackexchange.com/questions/26639/lstm-timeseries-recursive-prediction-converge-to-same-"
                "value")),
    Misconception(
        "validation_below",
        N_("A validation loss below the training loss is a bug."),
        N_("The training loss is an average over an epoch in which the network was still getting better, and with "
           "dropout at work; the validation part can also be the easier one."),
        _source("Maybe Something wrong with the validation loss evaluation in keras",
                "github.com/keras-team/keras/issues/2344")),
    Misconception(
        "dropout_recurrent",
        N_("Dropout cuts the arrows from one time step to the next."),
        N_("Dropout, here as in torch.nn.LSTM, acts on what a layer hands upwards; what it hands on to the next time "
           "step stays whole."),
        _source("RNN `dropout` arg needs better documentation", "github.com/pytorch/pytorch/issues/5985")),
    Misconception(
        "scaling_harmless",
        N_("It does no harm to scale the whole series before it is split."),
        N_("The scale then knows the highest and lowest values of the test part, so the future has leaked into "
           "training: scaling is fitted on the training part only."),
        _source("Only fit `MinMaxScaler` on training data in LSTM examples",
                "github.com/mlpack/examples/issues/43")),
    Misconception(
        "forcing_at_test",
        N_("At test time, too, the decoder is given the true symbol before."),
        N_("Teacher forcing needs the answer, which is not there when it is wanted: then the decoder reads the symbol "
           "it has written itself."),
        _source("Is it okay to use teacher forcing in evaluation?",
                "github.com/wyu-du/Reinforce-Paraphrase-Generation/issues/3")),
    Misconception(
        "many_to_one_cell",
        N_("Many to one needs another cell than many to many."),
        N_("The cell is the same and computes h at every step; the forms differ in which of them are read."),
        _source("Many to one and many to many LSTM examples in Keras",
                "stackoverflow.com/questions/43034960/many-to-one-and-many-to-many-lstm-examples-in-keras")),
    Misconception(
        "weights_same",
        N_("An LSTM layer has as many weights as a plain RNN layer of the same size."),
        N_("It has four times as many: three gates and the candidate each have those of a plain RNN layer."),
        _source("tf.keras.layers.LSTM: where did all these parameters came from?",
                "datascience.stackexchange.com/questions/128705/tf-keras-layers-lstm-where-did-all-these-parameters-"
                "came-from")),
)

MISCONCEPTIONS: dict[str, Misconception] = {misconception.key: misconception for misconception in _ALL}
"""By key, in the order in which ``docs/misconceptions.md`` lists them."""
