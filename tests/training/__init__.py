"""Tests of `jobclf.training`."""
