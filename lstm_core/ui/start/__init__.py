"""Page Start: presets as cards, recent runs."""
