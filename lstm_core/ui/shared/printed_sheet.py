"""A sheet to hand in as a page to print: one HTML file that needs nothing else, and runs no script."""

from __future__ import annotations

from html import escape
from pathlib import Path

from lstm_core import i18n
from lstm_core.classroom.hand_in import LABELS, TITLE, Sheet
from lstm_core.evaluation.comparison import settings
from lstm_core.i18n import gettext as _
from lstm_core.ui.shared.setting_table import name_of, plain

STYLE = Path(__file__).parents[1] / "static" / "hand_in.css"


def page(sheet: Sheet, result: str) -> str:
    """Return a sheet as HTML, in the language now in use; ``result`` as ``ui.shared.hand_in.told`` returns it."""
    title, own = escape(_(TITLE)), sheet.spec.data.own_columns
    rows = "".join(f"<tr><th>{escape(name_of(name))}</th><td>{escape(plain(name, value, own))}</td></tr>"
                   for name, value in settings(sheet.spec).items() if value not in ("", ()))
    address = escape(sheet.link)
    linked = f'<a href="{address}">{address}</a>' if sheet.link.startswith(("http://", "https://")) else address
    facts = {"result": escape(result), "link": linked, "seed": str(sheet.spec.train.seed),
             "code": f"<code>{escape(sheet.code)}</code>"}
    told = "".join(f"<dt>{escape(_(LABELS[name]))}</dt><dd>{value}</dd>" for name, value in facts.items())
    return (f'<!doctype html>\n<html lang="{i18n.current()}">\n<head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Gatescope · {title} · {escape(sheet.name)}</title>"
            f"<style>{STYLE.read_text(encoding='utf-8')}</style></head>\n"
            f'<body><header><h1>Gatescope · {title}</h1><p class="name">{escape(sheet.name)}</p>'
            f"<p>{escape(sheet.date)}</p></header>\n"
            f"<section><h2>{escape(_(LABELS['words']))}</h2><p>{escape(sheet.words)}</p></section>\n"
            f"<dl>{told}</dl>\n"
            f"<section><h2>{escape(_(LABELS['settings']))}</h2><table>{rows}</table></section></body>\n</html>\n")
