"""Reminders: deadlines of which single people are told some days before, and their words."""
