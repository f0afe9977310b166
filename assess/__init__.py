"""Rapport: an open platform that assesses aptitude for customer service."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("rapport")
except PackageNotFoundError:  # run from a bare checkout
    __version__ = "0+unknown"
