"""What every process of a run would make anew, made once: charts, and the SQL that Ibis writes.

Both are the same whenever they are made of the same, and are most of what a refresh of a small community costs.
Each is really made, by the library itself, and then stands in a folder of this run for whoever asks for exactly the
same. Every process still asks, stores and runs all of it.
"""

import hashlib
import io
import json
import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = "ESTIME_TESTS_KEPT"
"""The variable that names the folder; without it nothing is kept."""
_rename = os.rename  # what is wrapped later (tests/faults) is none of ours


def kept(kind: str, asked: bytes, make: Callable[[], bytes]) -> bytes:
    """What was made of `asked` before, or is made now."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return make()
    path = Path(folder) / f"{kind}-{hashlib.sha256(asked).hexdigest()}"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = make()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(made)
    _rename(part, path)
    return made


def keep_drawn() -> None:
    """From now on this process draws nothing that was drawn before."""
    import vl_convert

    draw = vl_convert.vegalite_to_svg

    def drawn(spec: Any, **options: Any) -> str:
        asked = json.dumps([spec, options], sort_keys=True, default=str).encode()
        return kept("svg", asked, lambda: draw(spec, **options).encode()).decode()

    vl_convert.vegalite_to_svg = drawn


class Sql:
    """Ibis on DuckDB, which compiles nothing that was compiled before.

    Computations ask the same questions in the same order. So names are counted instead of drawn, and a question is
    known by its whole expression.
    """

    def __init__(self) -> None:
        self._names: Counter[str] | None = None

    def keep(self) -> None:
        """Put it between Ibis and whoever asks; it does nothing outside of `counted`."""
        import ibis.util
        from ibis.backends.duckdb import Backend

        drawn, compile_anew = ibis.util.gen_name, Backend.compile

        def name(kind: str) -> str:
            if self._names is None:
                return str(drawn(kind))
            # By kind: what only compiling names must not change the names of tables.
            self._names[kind] += 1
            return f"ibis_{kind}_{self._names[kind]}"

        def compiled(backend: Any, expr: Any, /, **options: Any) -> str:
            if self._names is None:
                return str(compile_anew(backend, expr, **options))
            asked = _written_down(expr, options)
            return kept("sql", asked, lambda: compile_anew(backend, expr, **options).encode()).decode()

        ibis.util.gen_name, Backend.compile = name, compiled

    def count(self) -> None:
        """For the rest of this process: its computation is its only one, or all are on engines of their own."""
        self._names = Counter()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """For one computation on an engine of its own: beside others, names that begin anew would meet."""
        if self._names is not None:
            yield
            return
        self.count()
        try:
            yield
        finally:
            self._names = None


class _Pickler(pickle.Pickler):
    """Writes an expression down; connections and classes, which outlive no process, by what they are."""

    def persistent_id(self, one: Any) -> str | None:
        import ibis

        if isinstance(one, ibis.BaseBackend):
            return f"backend {one.name}"
        return f"class {one.__module__}.{one.__qualname__}" if isinstance(one, type) else None


def _written_down(expr: Any, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    _Pickler(out, 5).dump((expr.op(), sorted(options.items())))
    return out.getvalue()
