"""Choose which posting to label next, and keep the labels."""
