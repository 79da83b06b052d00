"""What the log tells those who keep the answers right."""
