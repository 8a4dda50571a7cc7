"""Great Expectations as the gate of tables: suites from the contracts, their evaluation, and the documents about it."""

import os

# Great Expectations asks for this when it is imported; nothing that a run does is sent anywhere.
os.environ["GX_ANALYTICS_ENABLED"] = "False"
