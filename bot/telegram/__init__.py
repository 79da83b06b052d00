"""Telegram: an update in, a reply out; python-telegram-bot 22 carries both."""
