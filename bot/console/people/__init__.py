"""The people's section of the console: counts, lists taken in and out, groups, posters."""
