"""Early warning: what is expected of counts, and how rare what was seen is."""
