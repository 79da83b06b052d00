"""The verbs of `htx`, one module per noun; `bot/cli.py` lists them."""
