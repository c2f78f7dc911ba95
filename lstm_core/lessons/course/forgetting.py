"""Why a plain network forgets: a factor again and again, then the gradient of one's own network back in time."""

from __future__ import annotations

import numpy as np

from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import powers
from lstm_core.inside import gradient_flow
from lstm_core.lessons import chance
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import Seen, trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.presets.figures import known
from lstm_core.spec import RunSpec

LONG: RunSpec = PRESETS["recall_rnn"].spec
PLAIN: RunSpec = LONG.change(epochs=5)
PRICES = PRESETS["s4_rnn"].spec

FACTOR, NEAR, FAR = 0.9, 10, 100    # of each step; steps that are shown, and asked for
GROWTH = 1.1                        # the factor of the transfer
SEQUENCES = 32                      # over which a median is taken, as on the page Memory
BACK = Curve(x=N_("Time steps back from the question"), y=N_("Share of the gradient that arrives"), first="0",
             last=N_("the letter"), low=1e-8, high=1.0, log=True, within=0.08, near=0.2, form=".0e")


def _arrives(moment: Moment) -> np.ndarray:
    """Return what each step back receives of the gradient at the question, (K,): the median over test sequences."""
    ids = moment.data.sample_ids["test"]
    given = gradient_flow.sequences(moment.data, ids[evenly(len(ids), SEQUENCES)])
    norms = gradient_flow.middle(gradient_flow.reach(moment.spec.model, moment.weights, given)[0].dh, given)
    shares: np.ndarray = norms / norms[0]
    return shares


def _factor(moment: Moment) -> float:
    """Return the factor that, the same at every step, would leave as much at the far end."""
    shares = _arrives(moment)
    return float(shares[-1] ** (1 / (len(shares) - 1)))


def _usual() -> float:
    """Return the share of the gradient that gets a quarter of the way to the letter: the median over many seeds."""
    return float(np.median([curve[BACK.points // 4] for curve in chance.measured()["forgetting"]["back"]]))


def _far(seen: Seen) -> bool:
    """Tell whether the arithmetic shows what was asked for."""
    return (seen.widgets.get("memory_n") == FAR
            and abs(float(seen.widgets.get("memory_factor") or 0) - FACTOR) < 1e-9)


def _plainly(value: float) -> str:
    return powers(f"{value:.1e}") if value < 1e-3 else f"{value:,.2g}" if value < 1 else f"{value:,.0f}"


LESSON = Lesson(
    name="forgetting", number=6,
    cards=(
        Say(name="product", lights=("memory_powers",), stage=Stage(
            page="memory", section="arithmetic", spec=LONG, sets={"memory_factor": FACTOR, "memory_n": NEAR})),
        Predict(name="power", ask=Number(1e-8, 1, within=3, near=30, form=".1g", log=True),
                truth=always(FACTOR ** FAR)),
        Do(name="far", waits=_far, lights=("memory_n",), does=f"set memory_factor {FACTOR}, set memory_n {FAR}"),
        See(name="power_came", of="power", lights=("memory_powers",)),
        Predict(name="back", ask=BACK, truth=lambda moment: BACK.resampled(_arrives(moment)), chance=True,
                stage=Stage(page="train", spec=PLAIN), lights=("update_and_strip",)),
        Do(name="train", waits=trained(), lights=("lesson_train", "loss"), does="press lesson_train"),
        See(name="back_came", of="back", lights=("[class*=st-key-memory_run_]",), stage=Stage(
            page="memory", section="gradients", spec=PLAIN, sets={"memory_whose": "run"})),
        Why(name="why", ask=Choice(("blind", "small", "longer")), truth=always("blind")),
        Transfer(name="prices", ask=Number(1, 1e6, within=3, near=30, form=",.3g", log=True),
                 truth=always(GROWTH ** PRICES.data.usual_steps)),
    ),
    facts={
        "factor": lambda _moment: FACTOR,
        "near": lambda _moment: NEAR,
        "far": lambda _moment: FAR,
        "near_left": lambda _moment: FACTOR ** NEAR,
        "far_left": lambda _moment: _plainly(FACTOR ** FAR),
        "close_to_one": lambda _moment: 0.99,
        "close_left": lambda _moment: 0.99 ** FAR,
        "gap": lambda moment: moment.spec.data.gap,
        "letters": lambda moment: moment.data.classes,
        "units": lambda moment: moment.spec.model.layers[0].hidden,
        "updates": lambda moment: moment.update,
        "right": lambda moment: float(moment.evaluations["score"][-1]),
        "guess": lambda moment: 1 / moment.data.classes,
        "same": lambda moment: moment.data.naive_error("validation"),     # as below the counter of the page Train
        "usual": lambda _moment: _usual(),
        "usual_seeds": lambda _moment: chance.SEEDS,
        "near_factor": lambda moment: float(_arrives(moment)[NEAR] ** (1 / NEAR)),
        "near_back": lambda moment: _plainly(float(_arrives(moment)[NEAR])),
        "at_letter": lambda moment: _plainly(float(_arrives(moment)[-1])),
        "steps_back": lambda moment: len(_arrives(moment)) - 1,
        "as_factor": _factor,
        "long_times": lambda _moment: known()["recall_rnn"].spec.train.epochs / PLAIN.train.epochs,
        "long_seeds": lambda _moment: known()["recall_rnn"].seeds,
        "long_right": lambda _moment: float(np.median(known()["recall_rnn"].values["sequences_right"])),
        "long_best": lambda _moment: max(known()["recall_rnn"].values["sequences_right"]),
        "growth": lambda _moment: GROWTH,
        "days": lambda _moment: PRICES.data.usual_steps,
        "grown_near": lambda _moment: GROWTH ** NEAR,
        "grown": lambda _moment: _plainly(GROWTH ** PRICES.data.usual_steps),
        "grown_straight": lambda _moment: 1 + PRICES.data.usual_steps * (GROWTH - 1),
        "shrunk": lambda _moment: _plainly(FACTOR ** PRICES.data.usual_steps),
    },
    presets=("recall_rnn", "s1_digits", "s5", "s5_full"), onward=("memory", "exploding"))
