"""Measure how right a model is: metrics, baselines, slices, audit."""
