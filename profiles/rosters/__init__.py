"""Rosters between a file and the database: read in a process of its own, compared, brought in, undone.

`reading` gives the `Bundle` of a OneRoster zip; `plan` says what each table's rows would become; `work` looks, applies
and undoes, each all or nothing; `report` says it in sentences. Days absent go the same way.
"""
