"""Notices: what single people are told later than they asked, once for each cause."""
