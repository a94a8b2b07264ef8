"""`python -m ui.cli`: the khabar command."""

from ui.cli.main import main

main()
