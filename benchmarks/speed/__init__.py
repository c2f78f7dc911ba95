"""Training speed side by side: Gatescope, Keras on TensorFlow, Keras on JAX, plain PyTorch."""
