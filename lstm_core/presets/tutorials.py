"""The systems of the five tutorials as presets: their settings as data, and what each one should reach.

S1 to S5 number the tutorials.
"""

from __future__ import annotations

from lstm_core.data.sources.indicators import FORTY
from lstm_core.i18n import gettext_noop as N_
from lstm_core.presets.preset import Goal, Preset
from lstm_core.spec import (
    Amplitude,
    Digits,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Prices,
    Reviews,
    RunSpec,
    TrainSpec,
    Waves,
)

SINE = RunSpec(
    data=Waves(target="cosine", horizon=0, period=197.392, length=4980, steps=20, validation=0.0, test=0.0),
    model=ModelSpec(layers=(Layer(10),), input_dense=10, output="every", initial="tutorial"),
    train=TrainSpec(epochs=1, batch=50, lr=0.006, clip_norm=0.0, stateful="staggered", shuffle=False, keep_best=False))

CYCLE = RunSpec(
    data=Letters(text="abcde", steps=1), model=ModelSpec(cell="rnn", layers=(Layer(3),)),
    train=TrainSpec(epochs=100, batch=32, lr=0.01, clip_norm=0.0))

STOCK = RunSpec(
    data=Prices(start="2001-01-01", end="2013-01-01", features=("open",), column="open", steps=60,
                test=300 / 3017),
    model=ModelSpec(cell="lstm", layers=(Layer(80, 0.2), Layer(100, 0.2))),
    train=TrainSpec(epochs=10, batch=64, lr=0.001, clip_norm=0.0))
MOUTAI = Prices(market="ticker", ticker="600519.SS", start="2010-04-26", end="2021-03-18", features=("open",),
                column="open", steps=60, test=300 / 2651)

READER = RunSpec(
    data=Reviews(corpus="plain"), model=ModelSpec(layers=(Layer(48, 0.7),), encoding="embedding", embedding=32),
    train=TrainSpec(epochs=20, batch=32, lr=0.01, keep_best=False))

SEVEN = ("open", "close", "low", "high", "volume", "money", "change")
ENSEMBLE = ("close", "volume", "return5", "sma10", "sma20", "rsi14", "macd", "macd_signal", "bollinger_width", "atr14")


def _reviews(name: str, spec: RunSpec, goal: Goal, **languages: tuple[str, str]) -> list[Preset]:
    """Return a preset for each language; they differ in nothing but the language, their titles and their words."""
    return [Preset(f"{name}_{language}", "S2", title, shows, spec.change(language=language), (goal,), page="predict")
            for language, (title, shows) in languages.items()]


TUTORIALS: dict[str, Preset] = {preset.name: preset for preset in (
    Preset(
        "s5", "S5", N_("Sine to cosine, watched live"),
        N_("An LSTM reads a sine and draws the cosine that belongs to it; its state goes on from batch to batch."),
        SINE, (Goal("tutorial_loss", 0.20, least="median"),),
        printed_costs=(33.17, 9.13, 3.89, 1.33, 0.27, 0.49, 1.07, 0.38, 0.63, 0.335)),
    Preset(
        "s5_full", "S5", N_("Full against truncated back-propagation"),
        N_("The same task learned with the gradient cut every 20 steps, and with the gradient going back 200 steps."),
        RunSpec(data=Waves(target="cosine", horizon=0, period=197.392, length=4980, steps=200, stride=20,
                           validation=0.0, test=0.0),
                model=SINE.model, train=TrainSpec(epochs=40, batch=50, lr=0.006, clip_norm=0.0, shuffle=False,
                                                  keep_best=False)),
        (Goal("tutorial_loss", 1.0, least="median"),), page="shapes", section="cut"),
    Preset(
        "s4a", "S4", N_("Letters, one-hot: the next of five"),
        N_("A plain RNN with three units learns the cycle a b c d e from single letters."),
        CYCLE, (Goal("all_right", 1.0, "above", least=0.95),), page="letters"),
    Preset(
        "s4b", "S4", N_("Letters, embedded in two numbers"),
        N_("The same cycle, each letter described by two learned numbers."),
        CYCLE.change(encoding="embedding", embedding=2), (Goal("all_right", 1.0, "above", least=0.75),),
        page="letters"),
    Preset(
        "s4c", "S4", N_("Three letters, then the next of eleven"),
        N_("Windows of three letters, an embedding of three numbers, ten units."),
        CYCLE.change(text="abcdefghijk", cycle=False, validation=0.0, test=0.0, steps=3, encoding="embedding",
                     embedding=3, layers=(Layer(10),)),
        (Goal("all_right", 1.0, "above", least=0.95),), page="letters"),
    Preset(
        "s4_rnn", "S4", N_("Share price, RNN 80/100"),
        N_("60 days of opening prices, then the next: two plain recurrent layers with dropout, the last 300 days kept "
           "back."),
        STOCK.change(cell="rnn"), (Goal("checkpoint_difference", 1e-9),), page="predict", quick=False, ticker=MOUTAI),
    Preset(
        "s4_lstm", "S4", N_("Share price, LSTM 80/100"),
        N_("The same with LSTM layers; the best network by validation is kept and can be trained on."),
        STOCK, (Goal("checkpoint_difference", 1e-9),), page="predict", quick=False, ticker=MOUTAI),
    Preset(
        "s1_table", "S1", N_("Seven features of a price table"),
        N_("Open, close, low, high, volume, turnover and change enter; a price comes out at every step."),
        RunSpec(data=Prices(end="2013-01-01", features=SEVEN, column="close", steps=15, scaler="zscore", test=0.08),
                model=SINE.model,
                train=TrainSpec(epochs=200, batch=80, lr=0.0006, clip_norm=0.0)),
        (Goal("mean_relative_deviation", 0.02),), page="predict", quick=False),
    Preset(
        "s1_digits", "S1", N_("Handwritten digits, row by row"),
        N_("An image of 8 rows is read as a sequence of 8 steps; after the last row the digit is named."),
        RunSpec(data=Digits(), model=ModelSpec(layers=(Layer(64),)), train=TrainSpec(epochs=30, batch=32, lr=0.01)),
        (Goal("test_accuracy", 0.96, "above", least=0.9),), page="predict"),
    Preset(
        "s2_stacked", "S2", N_("Stacked LSTM on 40 features"),
        N_("30 days of 40 indicators computed from real prices; MAE and MAPE beside the naive forecast."),
        RunSpec(data=Prices(end="2013-01-01", features=FORTY, column="close", steps=30),
                model=ModelSpec(layers=(Layer(100, 0.2), Layer(50, 0.2))),
                train=TrainSpec(epochs=100, batch=200, lr=0.001, clip_norm=0.0)),
        (Goal("mean_absolute_percentage_error", 3.0),), page="predict", quick=False),
    Preset(
        "s2_windows", "S2", N_("Sliding windows"),
        N_("19 values in, the 20th out: how a series becomes samples, and a matrix of columns as well."),
        RunSpec(data=Waves(steps=19, length=600), model=ModelSpec(layers=(Layer(16),)),
                train=TrainSpec(epochs=20, lr=0.01)),
        (Goal("test_error", 0.05),), page="shapes", section="windows"),
    *_reviews(
        "s2_reviews", READER, Goal("test_accuracy", 0.65, "above", least="median"),
        en=(N_("Shop reviews: satisfied or not"),
            N_("A short review is read word by word; the gates show which words stay in memory.")),
        zh=(N_("Shop reviews in Chinese"), N_("The same with reviews in Chinese, already cut into words."))),
    *_reviews(
        "s2_reviews_order", READER.change(corpus="order", embedding=16, epochs=30),
        Goal("ahead_of_pairs", 0.05, "above", least="median"),
        en=(N_("Reviews in which order decides"), N_(
            "Said to be dull, found exciting: both classes have the same words, only their order tells them apart.")),
        zh=(N_("Order decides, in Chinese"),
            N_("The same in Chinese: negation, hearsay, before and now, with the same words in both classes."))),
    Preset(
        "s3_scratch", "S3", N_("The LSTM cell by hand"),
        N_("A cell written out with W_f, b_f and the others beside torch's own: the same numbers."),
        RunSpec(data=Waves(length=400), model=ModelSpec(layers=(Layer(8),)), train=TrainSpec(epochs=10, lr=0.01)),
        (Goal("scratch_difference", 1e-6),), page="cell", section="scratch"),
    Preset(
        "s3_ensemble", "S3", N_("LSTM and convolution together"),
        N_("Technical indicators enter an LSTM and a convolution side by side; training stops when it helps no more."),
        RunSpec(data=Prices(start="2007-01-01", end="2013-01-01", features=ENSEMBLE, column="close", steps=60),
                model=ModelSpec(layers=(Layer(64),), relu_head=32, conv=64),
                train=TrainSpec(epochs=50, batch=64, lr=0.001, clip_norm=0.0, patience=8)),
        (Goal("stopped_early", 1.0, "above", least=0.5),), page="predict", quick=False,
        ticker=Prices(market="ticker", ticker="AAPL", start="2018-01-01", end="2023-09-01", features=ENSEMBLE,
                      column="close", steps=60)),
    Preset(
        "s5_amplitude", "S5", N_("One number in, a wave out"),
        N_("1 to N: a single number at the first step decides the whole wave that follows."),
        RunSpec(data=Amplitude(), model=ModelSpec(layers=(Layer(24),), output="every"),
                train=TrainSpec(epochs=60, batch=32, lr=0.01)),
        (Goal("test_error", 0.05),), page="predict"),
    Preset(
        "s5_numerals_en", "S5", N_("Numbers into words"),
        N_("N to M: an encoder reads the digits, a decoder says the number in English words."),
        RunSpec(data=Numerals(), model=ModelSpec(layers=(Layer(48),), output="every"),
                train=TrainSpec(epochs=60, batch=64, lr=0.01)),
        (Goal("exact_match", 0.95, "above"),), page="letters"),
    Preset(
        "s5_numerals_zh", "S5", N_("Numbers into Chinese characters"),
        N_("The same in Chinese: fewer different signs, but more of them in a number."),
        RunSpec(data=Numerals(language="zh"), model=ModelSpec(layers=(Layer(48),), output="every"),
                train=TrainSpec(epochs=60, batch=64, lr=0.01)),
        (Goal("exact_match", 0.95, "above"),), page="letters"),
)}
