"""The story of Kota Serang, played with synthetic people."""
