"""`htx people`: who is told, what is held of them, and how that is erased."""
