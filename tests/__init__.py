"""The tests of jobclf."""
