"""The second room: facts to answers, kept in one SQLite file and walked with networkx."""
