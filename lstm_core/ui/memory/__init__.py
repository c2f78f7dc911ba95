"""Page Memory: how far back a network learns from, remembers, and what becomes of its gradients."""
