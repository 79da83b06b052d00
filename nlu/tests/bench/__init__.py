"""The understanding beside what others would have put in its place, on the same examples."""
