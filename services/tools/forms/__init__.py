"""Forms: what a person is asked, what of the answers counts, and where they are kept."""
