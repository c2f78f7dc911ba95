"""Memory: what each step back receives from the loss in a plain RNN, a GRU and an LSTM that learned the same."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lstm_core.charts.forecast import part_name
from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import NETWORKS
from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec, RunSpec, Split
from lstm_core.ui.base.examples import EXAMPLES
from lstm_core.ui.memory import curves, keys
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.measure import Felt, plainly
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.widgets import session

RUN = "run"             # the task that is that of the run itself, and not an example


def specs_beside(spec: RunSpec) -> dict[str, RunSpec]:
    """Return the run with each cell: same data, seed and budget; the LSTM with the ordinary start, and with a long one.

    The long one is the run's own, or where that begins as usual a memory across the gap of its task.
    """
    same = spec.change(lr_changes=(), checkpoint="")
    plain = same.change(forget_bias=ModelSpec.forget_bias, chrono=ModelSpec.chrono)
    helped = same if same.model != plain.model else plain.change(chrono=spec.data.gap)
    return {"RNN": plain.change(cell="rnn"), "GRU": plain.change(cell="gru"), **side_by_side.lstm_starts(helped)}


def show(view: RunView) -> None:
    """Let the person choose what the cells learn: a task in which the past matters, one in which it hardly does."""
    tasks = {"recall": _("A letter after a gap of {steps}").format(steps=EXAMPLES["recall"].data.gap),
             "sine": _("A sine wave")}
    if not session.is_example(view):
        tasks[RUN] = _("The data of this run")
    session.valid_choice(keys.TASK, list(tasks))
    st.segmented_control(_("What they have learned"), list(tasks), key=keys.TASK, required=True,
                         format_func=tasks.__getitem__, persist_state="session")
    task = st.session_state[keys.TASK]
    if task == RUN:
        st.caption(_("The same data, seed, sizes and training as in the run above; only the cell differs."))
    else:
        st.markdown(_why(task))
    _beside(view.spec if task == RUN else EXAMPLES[task])


def _why(task: str) -> str:
    """Say why the cells are far apart on a task, or why they are not."""
    if task == "sine":
        return _("**Here nothing has to be remembered.** Two of the last values are enough to continue a sine wave, so "
                 "that all cells learn it. The plain RNN even has the flattest curve: its recurrent weights begin "
                 "orthogonal, with factors near 1, while an LSTM has every reason to forget. A flat curve says that "
                 "there is something to learn from far back, not that it is needed.")
    return _("**Here memory decides.** One of eight letters, {steps} steps of noise, and then the letter is asked for. "
             "All have learned from the same sequences, for at most {epochs} epochs. What could tell them to keep the "
             "letter must come back across all these steps, and each step multiplies it: in the plain RNN by its "
             "recurrent weights and the slope of tanh, in a GRU by an update gate that begins at 0.5, in an LSTM with "
             "the ordinary start by σ(1) = 0.73. Next to nothing arrives, and they guess. The LSTM whose forget gates "
             "begin nearly open (chrono initialisation) learns it within a few epochs. Gates can be opened like that; "
             "a plain RNN has none.").format(steps=EXAMPLES[task].data.gap, epochs=EXAMPLES[task].train.epochs)


def _beside(spec: RunSpec) -> None:
    data = session.prepared(spec.data, spec.model.output)
    chosen = measured.choose(data)
    found = side_by_side.show("memory_cells", specs_beside(spec), unit=measured.loss_unit(data))
    begun = {name: run for name, run in found.items() if len(run.snapshots)}
    if not begun:
        return
    share = measured.choose_share()
    moments = {name: measured.nearest(run, share) for name, run in begun.items()}
    _results(begun, moments, data)
    layers = {name: measured.felt(run, moments[name], chosen) for name, run in begun.items()}
    layer, shared = curves.choose(len(spec.model.layers))
    colours = dict(zip(found, NETWORKS, strict=False))
    felt = {name: found_layers[layer] for name, found_layers in layers.items()}
    known = {name: at for name, at in felt.items() if at.known}
    lines = [Curve(f"{name} dL/dh", curves.scaled(at.dh, shared=shared), colours[name]) for name, at in known.items()]
    lines += [Curve(f"{name} dL/dc", curves.scaled(at.dc, shared=shared), colours[name], "dash")
              for name, at in known.items() if at.dc is not None]
    left, right = st.columns([3, 2])
    with left:
        curves.draw(lines, key="memory_beside", shared=shared,
                    title=_("What each step back receives from the loss: the flatter, the further back is learned "
                            "from"))
    with right:
        curves.products([(name, begun[name].spec.model.cell_type, at, colours[name]) for name, at in known.items()],
                        key="memory_kept_beside")
    curves.floor(lines)
    _table(felt, moments)
    if len(known) < len(felt):
        curves.no_numbers()


def _table(felt: dict[str, Felt], moments: dict[str, int]) -> None:
    steps = max(len(at.dh) for at in felt.values()) - 1
    heads = [_("Update"), _("Norm of dL/dh at the loss"), _("{steps} steps back").format(steps=steps),
             _("Share that is left"), _("As a factor per step")]
    rows = []
    for name, at in felt.items():
        cells = ["–"] * 4
        if at.known:
            share = float(at.dh[-1] / at.dh[0]) if at.dh[0] else float("nan")
            cells = [plainly(float(at.dh[0])), plainly(float(at.dh[-1])), plainly(share),
                     f"{share ** (1 / max(steps, 1)):.3f}"]
        rows.append([f"{moments[name]:,}", *cells])
    st.table(pd.DataFrame(rows, index=list(felt), columns=heads), width="content")
    count = max(at.count for at in felt.values())
    if count > 1:
        st.caption(_("All curves: the median over {count} sequences.").format(count=count))


def _results(begun: dict[str, RunView], moments: dict[str, int], data: Dataset) -> None:
    """Show how well each network does at its moment, and what comes of always guessing the same."""
    right = data.score_kind == "share"
    with st.container(horizontal=True, key="memory_results"):
        for name, run in begun.items():
            st.metric(name, _reached(run, moments[name], data), width=170)
    judged: Split = "validation" if len(data.sample_ids["validation"]) else "train"
    st.caption(_("Correct answers on the {part}; always guessing the same: {share:.1%}.").format(
        part=part_name(judged), share=data.naive_error(judged)) if right else
        _("Mean absolute error on the {part}.").format(part=part_name(judged)))


def _reached(run: RunView, update: int, data: Dataset) -> str:
    """Return the score that was measured last of a run, up to an update."""
    until = run.evaluations[run.evaluations["update"] <= update]["score"]
    if not len(until):
        return "–"
    return f"{until[-1]:.1%}" if data.score_kind == "share" else f"{plainly(float(until[-1]))} {data.unit}".strip()
