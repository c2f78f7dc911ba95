"""Pictures of the page Shapes: tensors as blocks, layers, the network as a graph, truncation."""
