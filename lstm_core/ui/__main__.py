"""``gatescope`` or ``python -m lstm_core.ui``: start the lab; what follows goes to ``streamlit run``."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

# A wheel carries app.py and its pages inside the package, a source tree at its root.
_PLACES = (Path(__file__).parent / "app" / "app.py", Path(__file__).parents[2] / "app.py")


def main() -> None:
    """Start the server in the foreground; the database lies in ``.gatescope`` of the folder one is in."""
    if find_spec("streamlit") is None:
        sys.exit("The lab in the browser needs more packages. Install them with: pip install 'gatescope[lab]'")
    from streamlit.web import cli

    app = next(place for place in _PLACES if place.exists())
    cli.main(["run", str(app), *sys.argv[1:]], prog_name="streamlit")


if __name__ == "__main__":
    main()
