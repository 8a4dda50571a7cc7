"""How text and rows become facts: pure functions, and transforms from DataFrame to DataFrame."""
