"""How good a forecast is: metrics, naive baselines, verdicts in words, and what differs between runs."""
