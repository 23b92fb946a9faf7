"""One function a command, with its option names and defaults: the order of work."""
