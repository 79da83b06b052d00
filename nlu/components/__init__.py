"""Rasa graph components: each a thin adapter over a module of `nlu.core`."""
