"""Content and responses to scores. Pure: no database, no clock, no HTML."""
