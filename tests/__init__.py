"""The modules' tests, one file for each module."""
