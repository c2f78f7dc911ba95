"""What several pages show alike: the question put to a run, baselines, a preset's box, side by side."""
