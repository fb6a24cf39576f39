"""The write side: procedures, intake, use cases and their storage. Imports `domain` only."""
