"""Use cases: functions ``verb(session, thing, ..., *, now)``. The caller passes session and time, and commits."""
