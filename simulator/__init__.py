"""A seeded world of complaints with planted incidents. Shares no word list and no code with what reads it."""
