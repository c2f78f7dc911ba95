"""Page Challenges: what to reach under which rules."""
