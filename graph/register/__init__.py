"""The register: lists of documents that people import, kept beside the base, which tell date, issuer, title, validity.

Most documents of a province stand in no national database: the list of the office is the only source there is.
``sheets.py`` file -> rows of cells; ``columns.py`` headings -> fields; ``cells.py`` cells -> values; ``reading.py`` all
three -> entries, and what could not be read; ``store.py`` keeps them; ``index.py`` finds the entry a citation means.
"""
