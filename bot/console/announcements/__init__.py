"""Announcements in the console, from draft to report; no rule of them stands here."""
