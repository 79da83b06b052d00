"""Editing: articles changed by proposals that another approves, each written into its file."""
