"""A conversation: a question in, a reply out, and the topic it is on."""
