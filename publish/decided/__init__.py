"""Decisions as a table that people edit in Excel: ``sheet.py`` its columns, ``out.py`` writes it, ``back.py`` reads it.

``cells.py`` reads any such table, ``.xlsx`` or ``.csv``.
"""
