"""What moves while nobody clicks: a run that trains, streamed to the browsers that watch it."""
