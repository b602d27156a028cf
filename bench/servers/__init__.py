"""Programs of their own that the bench starts."""
