"""Tests of `jobclf.schemas`."""
