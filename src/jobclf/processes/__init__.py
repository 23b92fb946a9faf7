"""Work in other processes, within bounds."""
