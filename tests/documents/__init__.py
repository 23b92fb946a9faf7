"""Tests of `jobclf.documents`."""
