"""Training and inference: the only package that imports torch."""
