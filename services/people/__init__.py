"""People: who writes to the bot, where they are, what they agreed to."""
