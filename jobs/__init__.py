"""What runs: one step of the pipeline per file, and the `radar` command."""
