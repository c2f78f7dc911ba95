"""Page Shapes: from the series to the loss, with the true sizes."""
