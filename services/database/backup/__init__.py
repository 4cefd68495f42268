"""The whole database in a file, and out of it."""
