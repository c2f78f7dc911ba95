"""Page Compare, section Sweep: one setting or two over several values and seeds."""
