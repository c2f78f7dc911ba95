"""What a trained network does, recomputed from its weights: by hand, interventions, units, gradients, generation."""
