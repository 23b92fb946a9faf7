"""Long runs of hostile input: `python -m tests.torture`."""
