"""Adverse impact and differential item functioning."""
