"""Parse the command line, call one function of `api`, and show what it returns."""
