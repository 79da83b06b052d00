"""Authoring: how staff write, approve, send and follow announcements in a chat, step by step."""
