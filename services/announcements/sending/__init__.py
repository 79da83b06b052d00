"""Sending: jobs of a hundred recipients each, below one rate, one delivery at a time."""
