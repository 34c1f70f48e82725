"""Facts as Parquet (extra ``[parquet]``): other tools (DuckDB, Spark, pandas) and other machines go on from there.

``shape`` derives the columns from the dataclasses of :mod:`extract.model`, ``texts`` writes and reads extractions with
them, ``arrow`` is the only door to pyarrow, which is loaded when first needed.
"""
