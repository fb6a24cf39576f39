"""The read side: rosters, counts, histories and the forms they are given out in. Imports `domain` only."""
