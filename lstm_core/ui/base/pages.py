"""The pages of the lab and their sections, in the order of the navigation: shell, links, addresses and tests read them.

A page is here, in ``pages/<name>.py``, which joins what ``lstm_core/ui/<name>/`` shows, and in its prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lstm_core.i18n import gettext_noop as N_


@dataclass(frozen=True)
class Page:
    """One page; its titles are English, and translated where they are shown."""

    name: str
    title: str                      # in the navigation
    icon: str                       # of Material Symbols
    group: str                      # of the navigation, by its key
    heading: str = ""               # where it is not the title
    charts: bool = False            # whether charts of plotly.js stand on it as soon as it is opened
    section_key: str = ""           # under which session and address keep the chosen section
    sections: Mapping[str, str] = field(default_factory=dict)       # key -> title; the first one is shown at first

    @property
    def file(self) -> str:
        """Return the page's file in ``pages/``."""
        return f"{self.name}.py"

    @property
    def url_path(self) -> str:
        """Return where the page lies below the lab's address; the first page lies at the address itself."""
        return "" if self.name == FIRST else self.name


FIRST = "start"

GROUPS = {"learn": N_("Learn"), "lab": N_("Lab"), "tools": N_("Tools")}
"""The groups of the navigation and what they are called; the pages of one stand together."""

PAGES = {page.name: page for page in (
    Page(FIRST, N_("Start"), ":material/home:", "learn", heading="Gatescope"),
    Page("learn", N_("Lessons"), ":material/school:", "learn"),
    Page("class", N_("Classroom"), ":material/co_present:", "learn", section_key="class_section", sections={
        "class": N_("The class"), "hand_ins": N_("What was handed in")}),
    Page("train", N_("Train"), ":material/model_training:", "lab", charts=True),
    Page("cell", N_("Inside the cell"), ":material/grid_on:", "lab", section_key="section", sections={
        "what_if": N_("What if"), "units": N_("Interesting units"), "weights": N_("Weights"),
        "training": N_("Gates over the training"), "scratch": N_("From scratch")}),
    Page("predict", N_("Predict"), ":material/query_stats:", "lab", charts=True),
    Page("letters", N_("Letters"), ":material/abc:", "lab", charts=True, section_key="about", sections={
        "write": N_("Let it write"), "transitions": N_("What follows what"), "places": N_("Map of the letters"),
        "beside": N_("One-hot or embedding")}),
    Page("memory", N_("Memory"), ":material/history:", "lab", charts=True, section_key="memory_section", sections={
        "arithmetic": N_("The arithmetic"), "gradients": N_("Gradients through time"),
        "exploding": N_("Exploding gradients"), "forget_bias": N_("Forget bias"),
        "endless": N_("Without a forget gate"), "reach": N_("How far back matters"),
        "adding": N_("Adding problem")}),
    Page("shapes", N_("Shapes"), ":material/view_in_ar:", "lab", section_key="shapes_section", sections={
        "way": N_("Shapes, step by step"), "sequences": "return_sequences", "weights": N_("Weights"),
        "graph": N_("Graph and time"), "windows": N_("Windows"), "cut": N_("Truncated gradients"),
        "lengths": N_("Different lengths")}),
    Page("compare", N_("Compare"), ":material/compare_arrows:", "tools", charts=True,
         section_key="compare_section", sections={"runs": N_("Runs"), "sweep": N_("Sweep")}),
    Page("challenges", N_("Challenges"), ":material/emoji_events:", "tools"),
)}

SECTION_KEYS = tuple(page.section_key for page in PAGES.values() if page.section_key)
"""What an address may carry beside the settings: a link may lead to one section of its page."""
