"""Page Compare: runs side by side."""
