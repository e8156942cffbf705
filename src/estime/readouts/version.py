"""The version that outputs print."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("estime")
except PackageNotFoundError:
    VERSION = "0"
