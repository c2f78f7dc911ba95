"""Page Predict: a run against what really came, beside the naive baselines."""
