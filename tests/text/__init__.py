"""Tests of `jobclf.text`."""
