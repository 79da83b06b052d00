"""The system's section of the console: how the product stands, its staff, its audit."""
