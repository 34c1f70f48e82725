"""A build on many machines, by Dask: workers read partitions of the texts and write them as Parquet (extra ``[dask]``).

``partition`` cuts what is to be read, ``work`` is what a worker does, ``outcome`` what it tells of each text,
``cluster`` how workers are reached, ``engine`` the driver's side. Scheduling, retrying and moving the work of a machine
that died are Dask's own.
"""
