"""Ranks and other small tables of the graph room."""
