"""Detection quality and speed, beside published methods on the very same series."""
