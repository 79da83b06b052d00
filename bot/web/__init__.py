"""The web face: the chat page, a page for each article, the JSON API, health."""
