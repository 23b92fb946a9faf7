"""Tests of `jobclf.tables`."""
