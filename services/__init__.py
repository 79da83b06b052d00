"""What the product does; knows no Telegram and no web framework."""
