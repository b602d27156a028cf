"""Pure builders from data to blocks, one per surface."""
