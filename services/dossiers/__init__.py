"""Dossiers: a procedure that somebody goes through, remembered for them."""
