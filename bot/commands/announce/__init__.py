"""`htx announce`: write, preview, rehearse, approve, send, follow."""
