"""A sheet to hand in: whose run it is, what it reached, two sentences about it, and a code that only this server makes.

The code is a keyed hash (HMAC-SHA256) of the run, its settings, its result and the name. Whoever has not the key of the
server cannot make the code of a result they have not got, nor put another name on a sheet.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from dataclasses import dataclass, replace

from lstm_core.errors import Refusal
from lstm_core.i18n import aside, clauses, pair, powers
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import RunSpec, Split
from lstm_core.spec.serialization import to_query

LONGEST_NAME, LONGEST_WORDS = 60, 600       # characters

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"       # Crockford's: without I, L, O and U
LENGTH = 8              # characters of a code: 40 bits
_MISREAD = str.maketrans("ILO", "110")

TITLE = N_("Hand-in sheet")
END = N_("end of the sheet")
LABELS = {"name": N_("Name"), "date": N_("Date"), "link": N_("Run"), "result": N_("Result"), "seed": N_("Seed"),
          "code": N_("Check code"), "settings": N_("Settings"), "words": N_("In my own words")}
"""The lines of a sheet, in their order; one's own words come last, so that nothing in them is taken for a line."""


@dataclass(frozen=True)
class Result:
    """What a network reaches on the part that judges it, beside the best forecast without a network."""

    split: Split
    share: bool                     # the values are shares of correct answers; else mean errors in the unit
    value: float
    naive: float                    # of the best forecast without a network, and
    baseline: str = "frequent"      # which one that is, see evaluation.verdict.BASELINES
    unit: str = ""

    @property
    def reached(self) -> str:
        """Return what the network reaches, as it is written in every language."""
        return self._written(self.value)

    @property
    def without_network(self) -> str:
        """Return what the best forecast without a network reaches."""
        return self._written(self.naive)

    def _written(self, value: float) -> str:
        return f"{100 * value:.4g}%" if self.share else powers(f"{value:.4g}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What one hands in; ``name`` and ``words`` are as :func:`checked_name` and :func:`checked_words` return them."""

    name: str
    words: str                      # two sentences
    run: str                        # its id
    spec: RunSpec
    result: Result
    date: str
    link: str                       # address of the run
    code: str = ""

    def signed(self, key: bytes) -> Sheet:
        """Return the sheet with its code."""
        return replace(self, code=code(key, self.run, self.spec, self.result, self.name))


def checked_name(typed: str) -> str:
    """Return a name on one line.

    Raises:
        Refusal: there is none, or it is too long.
    """
    name = _on_one_line(typed)
    if not name:
        raise Refusal("Write your name on the sheet, as your teacher knows you.")
    if len(name) > LONGEST_NAME:
        raise Refusal("A name may have {limit} characters; this one has {given}.", limit=LONGEST_NAME, given=len(name))
    return name


def checked_words(typed: str) -> str:
    """Return what somebody has written in their own words, on one line.

    Raises:
        Refusal: it is empty or too long.
    """
    words = _on_one_line(typed)
    if not words:
        raise Refusal("Write two sentences: what you tried, and what came of it.")
    if len(words) > LONGEST_WORDS:
        raise Refusal("Your sentences may have {limit} characters together; these have {given}.", limit=LONGEST_WORDS,
                      given=len(words))
    return words


def _on_one_line(typed: str) -> str:
    """Return a text without line ends and what is not seen: no line of it is taken for one of the sheet."""
    seen = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in typed
                   if unicodedata.category(letter) != "Cf")
    return " ".join(seen.split())


# -- the code ----------------------------------------------------------------------------------------------


def code(key: bytes, run: str, spec: RunSpec, result: Result, name: str) -> str:
    """Return the code of a sheet; how a name is spaced, and whether in capitals, is all the same.

    Args:
        key: what only the server knows.
        run: its id.
        spec: its settings; those that later versions add do not change a code.
        result: what it reached.
        name: on the sheet.
    """
    told = json.dumps([run, sorted(to_query(spec).items()), result.split, result.reached, _spelled(name)])
    digest = int.from_bytes(hmac.digest(key, told.encode(), hashlib.sha256))
    letters = "".join(ALPHABET[digest >> 5 * place & 31] for place in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def is_code(known: str, given: str) -> bool:
    """Tell whether a code that was given is the one that is known; O reads as 0, I and L as 1."""
    return hmac.compare_digest(_read(known).encode(), _read(given).encode())


def _read(code: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", code.upper()).translate(_MISREAD)


def _spelled(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


# -- the sheet as text -------------------------------------------------------------------------------------


def text(sheet: Sheet, result: str, settings: str) -> str:
    """Return a sheet as one block of text for a mail or a learning platform, in the language in use.

    Args:
        sheet: with its code.
        result: as :func:`told` returns it.
        settings: in short.
    """
    values = {"name": sheet.name, "date": sheet.date, "link": sheet.link, "result": result,
              "seed": str(sheet.spec.train.seed), "code": sheet.code, "settings": settings, "words": sheet.words}
    lines = [pair(_(label), values[name]) for name, label in LABELS.items()]
    return "\n".join([f"=== Gatescope: {_(TITLE)} ===", *lines, f"=== {_(END)} ==="])


def told(result: Result, baseline: str, part: str) -> str:
    """Return a result in the language in use; it begins with what the network reaches.

    Args:
        result: the numbers.
        baseline: what the best forecast without a network is called.
        part: what the part of the data is called, as ``charts.forecast.part_name`` says it.
    """
    what = _("correct answers, {part}") if result.share else _("mean error, {part}")
    value, naive = (f"{number} {result.unit}".strip() for number in (result.reached, result.without_network))
    return clauses([aside(value, what.format(part=part)),
                    pair(_("best forecast without a network"), aside(naive, baseline))])
