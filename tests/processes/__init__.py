"""Tests of `jobclf.processes`."""
