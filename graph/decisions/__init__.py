"""What people decide about the base: kept in a file of its own, replayed at every build, never overwritten.

``entry.py`` what a decision is and what it is about, ``journal.py`` the file, ``force.py`` which entries hold,
``known.py`` what a decision rests on, ``replay.py`` the decisions on the rows of a build.
"""
