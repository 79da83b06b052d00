"""The tests of the understanding, and its benchmark."""
