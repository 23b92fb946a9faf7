"""Tests, a module for each of the package."""
