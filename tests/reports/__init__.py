"""Tests of `jobclf.reports`."""
