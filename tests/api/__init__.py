"""Tests of `jobclf.api`."""
