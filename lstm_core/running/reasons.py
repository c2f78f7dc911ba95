"""Why a run cannot go on, as a sentence."""

from __future__ import annotations

from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.running import jobs


def reason_of(error: BaseException) -> Refusal:
    """Return the sentence for what went wrong in a worker; what nobody foresaw is written to the log as well."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Missing):
        return Refusal("The data of this run (content hash {digest!r}) are not kept here. Load or upload them again, "
                       "and start a new run.", digest=error.digest)
    return jobs.unforeseen(
        error, otherwise=N_("Training failed: {kind}: {message}."),
        memory=N_("There is not enough memory to train this run. Make the network, the batch or the window smaller and "
                  "start a new run."))
