"""Tickets: a person who asks for a person, and the agents who answer."""
