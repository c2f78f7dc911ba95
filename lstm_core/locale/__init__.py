"""Translations: one gettext catalogue per language, and the translators' tool."""
