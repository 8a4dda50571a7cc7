"""A seeded world of consumer complaints with planted incidents, written as the exports that an authority receives."""

# The bytes written depend on this version, the seed and the scenario only. Raise it with every change of what is written.
VERSION = "3.0"
