"""``python -m assess.cli``: the `assess` command."""

from assess.cli import main

main()
