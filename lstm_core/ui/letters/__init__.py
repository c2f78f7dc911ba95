"""Page Letters: type some, get the next one, let the network write."""
