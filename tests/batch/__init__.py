"""Tests of `jobclf.batch`."""
