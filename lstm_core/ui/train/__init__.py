"""Page Train: choose a sequence, set the network, watch it learn."""
