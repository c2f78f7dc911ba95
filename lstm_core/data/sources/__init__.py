"""Where sequences come from: one module per source, and what prices need beside their download."""
