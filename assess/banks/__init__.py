"""Questionnaire content from TOML as immutable objects; knows no database and no mathematics."""
