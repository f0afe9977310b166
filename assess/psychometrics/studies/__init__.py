"""Simulated studies of how accurate the measurement is; seeded, so that anybody can repeat them."""
