"""Tests of `jobclf.labeling`."""
