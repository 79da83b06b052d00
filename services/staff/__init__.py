"""Staff: accounts, links to Telegram, and the audit of what they did."""
