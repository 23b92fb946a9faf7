"""Fuzzing that learns: inputs that reach new code are kept and changed further."""
