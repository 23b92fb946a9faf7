"""Accuracy and speed, measured by commands that anyone can run."""
