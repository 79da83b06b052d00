"""The understanding of Trợ lý HTX: a Rasa project whose training data is the curated content."""
