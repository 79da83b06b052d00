"""Announcements: one true thing, to everyone meant, once."""
