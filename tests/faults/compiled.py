"""What Ibis makes of the measures, once for all lives: writing SQL is half of what a refresh of a small ledger costs.

Lives are forked from one parent, and their refreshes ask the same questions in the same order. So names are counted
instead of drawn, a question is known by its whole expression, and its SQL comes from the life that wrote it first,
which leaves it in a file for those that are forked later. Every life still runs every statement on its own engine.
"""

import hashlib
import io
import os
import pickle
from collections import Counter
from pathlib import Path
from typing import Any


class Compiled:
    """SQL by digest of what was to be compiled."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._fresh: dict[str, str] = {}
        self._names = Counter[str]()

    def wrap(self) -> None:
        """From now on, Ibis on DuckDB compiles nothing that is known."""
        import ibis.util
        from ibis.backends.duckdb import Backend

        ibis.util.gen_name = self._name
        compile_anew = Backend.compile

        def compiled(backend: Any, expr: Any, /, **options: Any) -> str:
            key = _digest(expr, options)
            if key not in self._known:
                self._known[key] = self._fresh[key] = compile_anew(backend, expr, **options)
            return self._known[key]

        Backend.compile = compiled

    def _name(self, kind: str) -> str:
        """Counted by kind: what only compiling names must not change the names of tables."""
        self._names[kind] += 1
        return f"ibis_{kind}_{self._names[kind]}"

    def leave(self, folder: Path) -> None:
        """What this life had to compile, for later ones."""
        if self._fresh:
            part = folder / f"{os.getpid()}.part"
            part.write_bytes(pickle.dumps(self._fresh))
            part.rename(part.with_suffix(".sql"))

    def take(self, folder: Path) -> None:
        """What ended lives have left. What is known here is no news to anybody forked from here."""
        self._fresh.clear()
        for path in folder.glob("*.sql"):
            self._known |= pickle.loads(path.read_bytes())  # noqa: S301 - written by a child of ours
            path.unlink()


class _Pickler(pickle.Pickler):
    """Writes an expression down; connections and classes, which outlive no process, by what they are."""

    def persistent_id(self, one: Any) -> str | None:
        import ibis

        if isinstance(one, ibis.BaseBackend):
            return f"backend {one.name}"
        return f"class {one.__module__}.{one.__qualname__}" if isinstance(one, type) else None


def _digest(expr: Any, options: dict[str, Any]) -> str:
    out = io.BytesIO()
    _Pickler(out, 5).dump((expr.op(), sorted(options.items())))
    return hashlib.sha256(out.getvalue()).hexdigest()
