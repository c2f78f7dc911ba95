"""Keys of the session that the server itself sets (see :mod:`lstm_core.ui.widgets.keys`)."""

OWNER = "owner"  # who looks, from the cookie of the browser
