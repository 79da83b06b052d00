"""Tools for cooperatives: what a rule asks, what it costs, by when; nothing is decided here."""
