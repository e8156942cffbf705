"""What can be wrong with a saved search."""

from estime.kernel.errors import EstimeError


class SearchInvalid(EstimeError):
    """A search that cannot be saved as it was asked for; `data["field"]` says which field."""

    code = "search-invalid"


class SearchUnknown(EstimeError):
    """There is no such search of theirs."""

    code = "search-unknown"
