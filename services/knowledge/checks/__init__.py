"""What is looked for in the content: one module for each part of it."""
