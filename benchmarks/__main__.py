"""Runs the benchmarks: all, or those that are named. Each prints a table in Markdown, or says why it is skipped."""

from __future__ import annotations

import argparse
from importlib import import_module
from importlib.util import find_spec

BENCHMARKS = {
    "saving": "saves a second, as ratios to bare Flask and to the same POST without a database",
    "load": "200 candidates saving every 5 s; 1,000 connections at once",
    "lists": "every list of the console with 100,000 attempts in PostgreSQL: milliseconds and queries",
    "steps": "the next statement of an adaptive test through the web, database included, on one core",
    "rendering": "reports a second",
    "polychorics": "all polychoric correlations of 25 items, beside SciPy pair by pair",
    "scoring": "people scored a second, and how exactly",
    "adaptive": "the next step of an adaptive test, beside catsim and plain loops",
    "calibration": "graded items, beside girth and PyPI's mirt",
    "change": "people who have not changed and are told that they have, on the banks' own forms: half an hour",
    "exports": "files of 10,000 attempts, or BENCH_ATTEMPTS: time, memory, and saves meanwhile",
    "crashes": "kill -9 under load: nothing acknowledged is lost",
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures what the platform promises. One after the other: " + ", ".join(BENCHMARKS) + ".",
        epilog="\n".join(f"{name:<12} {text}" for name, text in BENCHMARKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help="of a benchmark; none: all", default=[])
    chosen = parser.parse_args().names or list(BENCHMARKS)
    unknown = sorted(set(chosen) - set(BENCHMARKS))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in chosen:
        print(f"## {name}: {BENCHMARKS[name]}\n", flush=True)
        if find_spec(f"benchmarks.{name}") is None:
            print("Skipped: it is not part of this version.\n")
            continue
        import_module(f"benchmarks.{name}").main()
        print(flush=True)


if __name__ == "__main__":
    main()
