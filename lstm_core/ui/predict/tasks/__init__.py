"""Page Predict for the sequences that are made by a rule."""
