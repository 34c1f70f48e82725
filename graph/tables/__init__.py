"""Ranks, checks and other small tables of the graph room."""
