"""The language of appointment cases: facts, timelines, decisions and rules. Pure: no storage, no clock, no terminal."""
