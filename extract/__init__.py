"""The first room: text to facts. Pure functions, no database, no server, no network."""
