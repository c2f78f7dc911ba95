"""Numbers that stand in prose as numbers because nobody has to measure them, each with where it comes from.

Kinds of sources: a paper or tutorial; arithmetic, which the reader can redo; code, that says so; a suggestion, which is
a setting to try; the task, which is what the sequences are made of.
"""

PAPER = "Hochreiter & Schmidhuber 1997, section 5.4 and table 7"
ARITHMETIC = "arithmetic"
SUGGESTED = "a setting to try"
TASK = "what the sequences or examples are made of"
TUTORIAL = "the tutorial"
COUNT = "weights and biases, counted: lstm_core.spec.parameters; Keras has one bias where torch has two"
PRESET = "a setting of another preset"
LAB = "the rule of the lab"

FACTS: dict[str, dict[str, str]] = {
    # pages
    "challenges": {"4": "step of a list"},
    "compare": {"0.01": "an example", "5,400": "Greff et al. 2017"},
    "letters": {"100": "epochs of the preset s4a", "20": SUGGESTED, "64": SUGGESTED},
    "memory": {"100": ARITHMETIC, "0.00003": ARITHMETIC, "14,000": ARITHMETIC, "0.99": ARITHMETIC, "1.01": ARITHMETIC,
               "0.37": ARITHMETIC, "2.7": ARITHMETIC, "0.73": "sigmoid(1)", "0.5": "sigmoid(0)", "60": PRESET,
               "5": SUGGESTED},
    "predict": {"0.1": "an example", "50": "a coin", "55": ARITHMETIC, "100": ARITHMETIC, "75": ARITHMETIC,
                "99.5": "the level of lstm_core.evaluation.significance",
                "250": SUGGESTED, "20": SUGGESTED, "15": PRESET, "7": "a digit"},
    "predict_tasks": {"0.04": PAPER},
    "shapes": {"4": "an example", "97": ARITHMETIC, "98": ARITHMETIC, "20": SUGGESTED, "50": SUGGESTED,
               "100": COUNT, "40": COUNT, "56,400": COUNT, "56,800": COUNT},
    # presets
    "adding": {"98": ARITHMETIC, "0.73": "sigmoid(1)", "50": ARITHMETIC, "0.04": PAPER, "2,000": PAPER, "0.01": PAPER,
               "74,000": PAPER, "10": PAPER, "7": PAPER, "2,560": PAPER, "99.5": LAB, "512": LAB},
    "adding_1000": {"100": PRESET, "0.04": PAPER, "2,000": PAPER, "10": PAPER, "7": PAPER, "2,560": PAPER,
                    "500": PAPER, "853,000": PAPER, "370,000": PAPER, "2,020,000": PAPER},
    "adding_500": {"100": PRESET, "2,000": PAPER, "7": PAPER, "2,560": PAPER, "4": SUGGESTED,
                   "209,000": PAPER, "250": PAPER, "204,800": ARITHMETIC},
    "adding_rnn": {"80": ARITHMETIC, "71,680": ARITHMETIC},
    "brackets": {"1,280": TASK},
    "counting": {"20": SUGGESTED, "0.993": "sigmoid(5)"},
    "counting_gru": {"15": "an example", "20": SUGGESTED},
    "order": {"1,280": TASK, "300": SUGGESTED},
    "reber": {"256": PAPER},
    "reber_rnn": {"256": PAPER, "64,000": ARITHMETIC, "60": PRESET, "15": TASK, "34": TASK, "100": PRESET},
    "recall": {"1,280": TASK},
    "s1_digits": {"1,797": TASK, "8": TASK},
    "s1_table": {"20": TUTORIAL, "6,109": TUTORIAL, "2,000": TUTORIAL, "5,800": TUTORIAL},
    "s2_stacked": {"40": TUTORIAL, "86,651": COUNT, "87,251": COUNT},
    "s2_windows": {"480": ARITHMETIC, "461": ARITHMETIC, "5": SUGGESTED},
    "s3_scratch": {"0.000001": "the goal of the preset", "0.95": "sigmoid(3)", "0.05": "sigmoid(-3)"},
    "s4_lstm": {"98,741": COUNT, "99,461": COUNT},
    "s4_rnn": {"600519": "a ticker", "300": TUTORIAL, "24,761": COUNT, "24,941": COUNT},
    "s4a": {"5": ARITHMETIC, "1.61": ARITHMETIC, "20": ARITHMETIC, "47": COUNT, "50": COUNT},
    "s4b": {"0.05": "how embeddings are drawn", "48": COUNT, "51": COUNT},
    "s4c": {"294": COUNT, "304": COUNT},
    "s5": {"5": SUGGESTED, "0.73": "sigmoid(1)", "800": ARITHMETIC, "200": TUTORIAL, "0.5": "mean of cos^2",
           "0.335": TUTORIAL, "871": COUNT, "911": COUNT, "33.17": TUTORIAL, "181": TUTORIAL, "0.1": TUTORIAL},
    "s5_numerals_en": {"400": ARITHMETIC, "500": ARITHMETIC, "80": ARITHMETIC, "10": ARITHMETIC, "8": SUGGESTED},
    "s5_numerals_zh": {"29": TASK, "342": "an example", "105": "an example", "110": "an example", "15": "an example",
                       "500": ARITHMETIC, "400": ARITHMETIC, "9999": SUGGESTED, "10": TASK, "19": TASK},
    # docs
    "README.md": {"3.11": "Python"},
    "presets.md": {"0.335": TUTORIAL, "99.5%": LAB, "5.4": PAPER, "2,000": PAPER, "0.9": "a challenge",
                   "0.05": "a challenge", "99%": "a challenge", "97%": "a challenge", "2,500": "a challenge",
                   "85%": "a challenge", "1,000": "a challenge", "8,000": "a challenge", "30,000": "a challenge"},
    "architecture.md": {"0.05": "seconds of a slice", "0.2": "seconds of a slice"},
    "glossary.md": {"73%": "sigmoid(1)"},
}
"""By page."""

IN_SENTENCES: dict[str, str] = {
    "99.5%": "the level of lstm_core.evaluation.significance",
    "99%": "asked for by challenges; lstm_core.ui.predict.tasks", "80%": "the band", "90%": "the reach of a gradient",
    "0.9": "a challenge", "0.05": "a challenge; how embeddings are drawn", "97%": "a challenge",
    "100%": "a challenge", "2,500": "a challenge",
    "8,000": "a challenge", "85%": "a challenge", "30,000": "a challenge",
    "1,000": "a distance; a challenge",
    "0.1": "how a tutorial draws biases",
    "2,000": PAPER, "0.01": PAPER, "74,000": PAPER, "2,342": COUNT, "19,594": COUNT, "6,315": COUNT, "37,819": COUNT,
    "0.015": "the commodity channel index (Lambert 1980)", "0.5": "the target of the adding problem",
    "1.414": "the square root of 2", "73%": "sigmoid(1)", "0.73": "sigmoid(1)",
}
"""In the sentences of the catalogue, where only what looks like a result is looked at."""
