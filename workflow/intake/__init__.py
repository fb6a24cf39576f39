"""What offices send: tables of workers, cases and units, read whole and judged row by row."""
