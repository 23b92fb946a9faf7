"""Tests of `jobclf.cli`."""
