"""Predict many rows: batches, processes, machines, parts of a folder."""
