"""`python -m estime` is the command `estime`."""

from estime.cli.main import run

if __name__ == "__main__":
    run()
