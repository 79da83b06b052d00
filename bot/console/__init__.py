"""The console: the web pages of those who stand behind the answers."""
