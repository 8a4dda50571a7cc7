"""Where data live: contracts, reference data, source mappings, and the only code that touches Delta."""
