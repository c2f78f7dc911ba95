"""The network unrolled over time: the same cell once per time step, and what it hands to itself."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.charts.shapes.blocks import INPUT, MEMORY, OUTPUT, STATE
from lstm_core.charts.shapes.svg import Pen
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import IOShape
from lstm_core.spec.plan import plan_network

_CELL, _SMALL = 36.0, 24.0          # heights of a recurrent cell and of any other box
_ROW, _STEP = 66.0, 46.0            # from a recurrent row, from any other row, to the next
_HEAD = 26.0                        # room above the topmost row
_NOTE = 96.0                        # room for the notes to the right


@dataclass(frozen=True)
class Room:
    """How much room a picture has, in pixels."""

    columns: int                    # time steps at most; in a longer sequence an ellipsis stands for the others
    pitch: float                    # from one time step to the next
    gap: float                      # between two cells
    margin: float                   # on either side, for the states

    @property
    def cell(self) -> float:
        """Return the width of a cell."""
        return self.pitch - self.gap


WIDE = Room(columns=8, pitch=76, gap=22, margin=72)
NARROW = Room(columns=6, pitch=43.5, gap=11, margin=47)
BESIDE = Room(columns=4, pitch=48, gap=14, margin=6)


@dataclass(frozen=True)
class Unrolled:
    """What is drawn of a network."""

    model: ModelSpec
    io_shape: IOShape
    once: bool = False              # only the first input brings something in, the others are zeros
    carried: bool = False           # the state comes from the batch before instead of being zero
    notes: tuple[str, ...] = ()     # what stands beside each recurrent layer, from the first on, instead of its states

    def places(self, room: Room) -> list[int | None]:
        """Return the time steps that are drawn, counted from 1; None is the ellipsis."""
        source, half = self.io_shape.encoder_steps, room.columns // 2
        if not source:
            return shortened(1, self.io_shape.n_steps, room.columns)
        return [*shortened(1, source, half), *shortened(source + 1, self.io_shape.n_steps, half)]


def shortened(first: int, last: int, limit: int) -> list[int | None]:
    """Return the numbers from first to last, at most so many: an ellipsis stands for what is left out."""
    if last - first < limit:
        return list(range(first, last + 1))
    return [*range(first, first + limit - 2), None, last]


def unrolled(plan: Unrolled, room: Room, kind: str = "") -> Pen:
    """Return the picture: inputs below, recurrent layers above each other, outputs on top, time to the right."""
    return _Drawing(plan, room, kind).pen


class _Drawing:
    def __init__(self, plan: Unrolled, room: Room, kind: str) -> None:
        self.plan, self.room, self.model, self.source = plan, room, plan.model, plan.io_shape.encoder_steps
        self.places = plan.places(room)
        self.levels, height = self._levels()
        width = 2 * room.margin + len(self.places) * room.pitch + (_NOTE if plan.notes else 0)
        self.pen = Pen(width, height, self._alt(), f"unrolled {kind}")
        for level, (name, y) in enumerate(self.levels):
            if name.startswith("layers"):
                self._layer(level, int(name.partition(".")[2]), y)
            else:
                self._simple(level, name, y)
        if self.source:
            self._switch()

    def _levels(self) -> tuple[list[tuple[str, float]], float]:
        """Return what stands above what, from the inputs up, with the heights of the middles, and the whole height."""
        names = ["x", *(stage.name for stage in plan_network(self.model, self.plan.io_shape).stages
                        if stage.kind not in ("decoder", "conv"))]      # a decoder shares the rows of its encoder
        up, found = 0.0, []
        for below, name in zip(["", *names], names, strict=False):
            up += 0.0 if not below else _ROW if "layers" in name + below else _STEP
            found.append((name, up))
        height = _HEAD + up + _SMALL + 16
        return [(name, height - _SMALL / 2 - 16 - at) for name, at in found], height

    def _alt(self) -> str:
        return _("The network over {steps} time steps, {layers} recurrent layers above each other; the state goes from "
                 "each step to the next, the output is read at {places}.").format(
            steps=self.plan.io_shape.n_steps, layers=len(self.model.layers),
            places=_("every step") if self.model.output == "every" else _("the last step"))

    def _x(self, column: int) -> float:
        return self.room.margin + (column + 0.5) * self.room.pitch

    def _half(self, column: int) -> float:
        """Return half the width of what stands in a column: a cell, or the ellipsis."""
        return self.room.cell / 2 if self.places[column] is not None else 9.0

    # -- what has no memory ------------------------------------------------------------------------------

    def _simple(self, level: int, name: str, y: float) -> None:
        words = {"one-hot": _("one-hot"), "embedding": _("embed"), "dense": _("dense"), "after": "ReLU",
                 "head": "ŷ", "x": "x"}[name]
        colour = {"x": INPUT, "head": OUTPUT}.get(name, "")
        for column, place in enumerate(self.places):
            if name in ("after", "head") and not self._read(column):
                continue
            if place is None:
                self.pen.words(self._x(column), y, "…")
                continue
            self._rise(column, level, y + _SMALL / 2)
            nothing = name == "x" and self.plan.once and place > 1
            self.pen.label(self._x(column) - self.room.cell / 2, y - _SMALL / 2, self.room.cell, _SMALL,
                           "0" if nothing else words, "zero" if nothing else "tinted" if colour else "plain",
                           tint="" if nothing else colour)
            if name == "x":
                self.pen.words(self._x(column), y + _SMALL / 2 + 9, f"{place}", "number")

    def _read(self, column: int) -> bool:
        """Tell whether the output is read at a column."""
        if self.model.output == "last":
            return column == len(self.places) - 1
        place = next(place for place in self.places[column:] if place is not None)
        return place > self.source

    def _rise(self, column: int, level: int, y: float) -> None:
        """Draw the arrow from the level below up to y; where dropout sits on it, with its mark."""
        if not level:
            return
        name, below = self.levels[level - 1]
        x = self._x(column)
        if not name.startswith("layers"):
            self.pen.line((x, below - _SMALL / 2), (x, y), kind="plain")
            return
        dropped = self.model.layers[int(name.partition(".")[2])].dropout
        start = below - _CELL / 2
        self.pen.line((x, start), (x, y), kind="tinted dropped" if dropped else "tinted", tint=STATE)
        if dropped:
            self.pen.cross(x, (start + y) / 2 + 3, 5.5, "drop")

    # -- what remembers ----------------------------------------------------------------------------------

    @property
    def _lanes(self) -> list[tuple[str, float]]:
        """Return the colours of what goes from step to step, and how far from the middle of the cell it goes."""
        return [(STATE, -7.0), (MEMORY, 7.0)] if self.model.cell_type.unbounded else [(STATE, 0.0)]

    def _layer(self, level: int, number: int, y: float) -> None:
        for column, place in enumerate(self.places):
            x = self._x(column)
            if place is None:
                self.pen.words(x, y, "…")
            else:
                self._rise(column, level, y + _CELL / 2)
                self.pen.label(x - self.room.cell / 2, y - _CELL / 2, self.room.cell, _CELL,
                               _(self.model.cell_type.name), "second" if place > self.source > 0 else "cell")
            if column:
                self._hand_on(self._x(column - 1) + self._half(column - 1), x - self._half(column), y)
        last = self._x(len(self.places) - 1) + self.room.cell / 2
        if self.plan.notes:
            self.pen.words(last + 8, y, self.plan.notes[number], "number", anchor="start")
        else:
            self._ends(number, y, last)

    def _hand_on(self, start: float, end: float, y: float) -> None:
        for colour, shift in self._lanes:
            self.pen.line((start, y + shift), (end, y + shift), tint=colour, kind="tinted")

    def _ends(self, number: int, y: float, last: float) -> None:
        """Draw the state before the first and after the last time step."""
        wide, arrow = self.room.margin * 0.6, self.room.margin * 0.4 + self.room.gap / 2
        signs = listing(self.model.cell_type.states)
        first = self._x(0) - self.room.cell / 2 - arrow
        self.pen.label(first - wide + 2, y - 14, wide - 2, 28, signs if self.plan.carried else "0", "zero")
        self._hand_on(first, first + arrow, y)
        self._hand_on(last, last + arrow, y)
        self.pen.label(last + arrow, y - 14, wide - 2, 28, signs, "zero")
        if number == len(self.model.layers) - 1:
            self.pen.words(first - wide / 2, y - 24, _("start"), "soft")
            self.pen.words(last + arrow + wide / 2, y - 24, _("end"), "soft")

    def _switch(self) -> None:
        """Draw the line between what the encoder and what the decoder reads."""
        at = next(column for column, place in enumerate(self.places) if place is not None and place > self.source)
        x, top = self.room.margin + at * self.room.pitch, self.levels[-1][1] - _SMALL / 2
        self.pen.line((x, top), (x, self.pen.height), kind="fence", head=False)
        self.pen.words(x - 8, top + 8, _("encoder"), "soft", anchor="end")
