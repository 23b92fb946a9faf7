"""Tests of `jobclf.evaluation`."""
