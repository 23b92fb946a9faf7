"""Tests of `jobclf.server`."""
