"""What the bot knows: articles, sources, topics, phrases and offices, read from `content/`."""
