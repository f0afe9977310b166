"""Measures what the platform promises about speed and load; every figure is a ratio or comes with its circumstances."""
