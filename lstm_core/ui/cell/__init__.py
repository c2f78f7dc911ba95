"""Page Inside the cell: every gate at every time step, what if, units, weights, from scratch."""
