"""The content in the console: found, written, approved, tried; no rule of it stands here."""
