"""Tests of `jobclf.classifier`."""
