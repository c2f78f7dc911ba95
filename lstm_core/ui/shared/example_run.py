"""What the finished example is that a page shows before there is a run of one's own."""

from __future__ import annotations

from lstm_core.i18n import gettext as _
from lstm_core.spec import DataSpec, RunSpec, Waves
from lstm_core.ui.widgets.labels import option_label


def sentence(spec: RunSpec) -> str:
    """Return whose run is shown, and of what."""
    return _("Example run: {cell} on {data}, not yours.").format(cell=_(spec.model.cell_type.name),
                                                                 data=_called(spec.data))


def _called(data: DataSpec) -> str:
    if not isinstance(data, Waves):
        return _("“{source}”").format(source=option_label(data.source))
    wave = {"sine": _("a sine wave"), "square": _("a square wave"), "sawtooth": _("a sawtooth wave"),
            "sum": _("a sum of two sine waves"), "product": _("a product of two sine waves")}[data.wave]
    return _("{wave} with noise").format(wave=wave) if data.noise else wave
