"""Small sets of acts for tests, read from Markdown or JSON, run on an engine and compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from estime.engagement.figures import Figure
from estime.engagement.settings import Settings
from estime.engagement.tables.compute import compute

BRAND = "Brand"
CHANNEL = "forum"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = pa.timestamp("us", "UTC")
ACTS = pa.schema(
    [(name, pa.int64()) for name in ("batch", "seq")]
    + [("channel", pa.string()), ("account", pa.int64()), ("type", pa.string()), ("object_type", pa.string())]
    + [(name, pa.int64()) for name in ("source_key", "object_key", "reply_key", "thread_key")]
    + [("published", MOMENT), ("day", pa.int32()), ("value", pa.float64())]
    + [("spontaneous", pa.bool_()), ("spoken_for", pa.bool_())]
)
OBSERVATIONS = pa.schema(
    [
        ("channel", pa.string()),
        ("object_id", pa.string()),
        ("metric", pa.string()),
        ("value", pa.float64()),
        ("observed", MOMENT),
        ("published", MOMENT),
    ]
)


@dataclass
class Case:
    """Acts and observations as plain rows of text, and the figures they should give."""

    name: str
    as_of: datetime
    acts: Sequence[Mapping[str, Any]] = ()
    observations: Sequence[Mapping[str, Any]] = ()
    expected: Sequence[Mapping[str, Any]] = ()
    linked: bool = False
    complete: Sequence[str] = field(default_factory=tuple)
    """Measures of which every figure of the scope is listed."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Keys:
    """A number for each name, the same on each call."""

    def __init__(self, start: int = 1_000) -> None:
        self._start = start
        self._keys: dict[tuple[str, str], int] = {}

    def __call__(self, kind: str, name: str | None) -> int | None:
        if not name:
            return None
        return self._keys.setdefault((kind, name), self._start + len(self._keys))


def acts_table(rows: Iterable[Mapping[str, Any]], keys: Keys) -> pa.Table:
    made = []
    for seq, row in enumerate(rows, 1):
        published = moment(row["when"])
        undoes = row.get("undoes")
        made.append(
            {
                "batch": 1,
                "seq": seq,
                "channel": row.get("channel") or CHANNEL,
                "account": keys("account", row["who"]),
                "type": row["type"],
                "object_type": row.get("kind") or None,
                "source_key": keys("source", row.get("id") or f"act {seq}"),
                "object_key": keys("source", undoes) if undoes else keys("object", row.get("object")),
                "reply_key": keys("object", row.get("answers")),
                "thread_key": keys("object", row.get("room")),
                "published": published,
                "day": (published - EPOCH).days,
                "value": None,
                "spontaneous": True,
                "spoken_for": bool(row.get("spoken_for")),
            }
        )
    return pa.Table.from_pylist(made, schema=ACTS)


def observations_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    made = [
        {
            "channel": row.get("channel") or CHANNEL,
            "object_id": row.get("object") or "",
            "metric": row["metric"],
            "value": float(row["total"]),
            "observed": moment(row["observed"]),
            "published": moment(row["published"]) if row.get("published") else None,
        }
        for row in rows
    ]
    return pa.Table.from_pylist(made, schema=OBSERVATIONS)


def on_engine(backend: Any, table: pa.Table, name: str) -> ibis.Table:
    """The table on the engine, under its own name, stored."""
    if backend.name == "duckdb":
        return backend.create_table(name, obj=ibis.memtable(table), temp=True, overwrite=False)
    spark = backend._session
    from ibis.backends.pyspark.datatypes import PySparkSchema

    schema = PySparkSchema.from_ibis(ibis.Schema.from_pyarrow(table.schema))
    # As Arrow: rows in Python would go through a Python process again at each look at the table. In one piece: of
    # several, Spark 4.0 takes only the first, which may be empty.
    spark.createDataFrame(table.combine_chunks(), schema).createOrReplaceTempView(name)
    return backend.table(name)


def run_together(backend: Any, cases: Sequence[Case]) -> list[Figure]:
    """What one computation says of all cases when the channels of each are beside those of the others."""
    acts, observations, brands = [], [], []
    as_of = {}
    for number, case in enumerate(cases):
        keys = Keys(1_000_000 * (number + 1))
        rows = [{**row, "channel": beside(case, row.get("channel"))} for row in case.acts]
        acts.append(acts_table(rows, keys))
        seen = [{**row, "channel": beside(case, row.get("channel"))} for row in case.observations]
        observations.append(observations_table(seen))
        names = dict.fromkeys(row["channel"] for row in rows)
        as_of |= dict.fromkeys(names, case.as_of)
        brands += [(name, keys("account", BRAND) or 0) for name in names or (case.name,)]
    table = pa.concat_tables(acts)
    at = table.schema.get_field_index("seq")
    table = table.set_column(at, "seq", pa.array(range(1, len(table) + 1), pa.int64()))
    return compute(
        backend,
        on_engine(backend, table, ibis.util.gen_name("acts")),
        observations=on_engine(backend, pa.concat_tables(observations), ibis.util.gen_name("observations")),
        settings=Settings(brand_accounts=tuple(brands)),
        as_of=as_of,
    )


def beside(case: Case, channel: str | None) -> str:
    """What a channel of a case is called beside other cases."""
    return case.name if channel in (None, CHANNEL) else f"{case.name} {channel}"


def of_case(case: Case, figures: Iterable[Figure]) -> list[Figure]:
    """Those of one case, under the names of its own channels."""
    named = {
        beside(case, name): name or CHANNEL for name in {row.get("channel") for row in case.acts} | {None}
    }
    return [figure._replace(scope=named[figure.scope]) for figure in figures if figure.scope in named]


def run(backend: Any, case: Case, **limits: Any) -> list[Figure]:
    keys = Keys()
    acts = on_engine(backend, acts_table(case.acts, keys), ibis.util.gen_name("acts"))
    seen = None
    if case.observations:
        seen = on_engine(backend, observations_table(case.observations), ibis.util.gen_name("observations"))
    channels = {row.get("channel") or CHANNEL for row in case.acts}
    brand = keys("account", BRAND)
    assert brand is not None
    settings = Settings(
        brand_accounts=tuple((channel, brand) for channel in sorted(channels)), linked=case.linked
    )
    return compute(backend, acts, observations=seen, settings=settings, as_of=case.as_of, **limits)


def check(case: Case, figures: Sequence[Figure]) -> None:
    """Every expected figure is there, and of complete measures no other in their scope."""
    found = {figure[:4]: figure for figure in figures}
    assert len(found) == len(figures), "a figure is there twice"
    listed = set()
    for row in case.expected:
        period = date.fromisoformat(row["period"]) if row.get("period") else None
        key = (row["measure"], row.get("scope") or CHANNEL, period, row.get("label") or "")
        listed.add(key)
        assert key in found, f"{case.name}: {key} is missing"
        figure = found[key]
        for name in ("value", "low", "high", "n", "d"):
            cell = row.get(name)
            if cell == "~":
                continue
            wanted, got = None if cell in ("", None) else float(cell), getattr(figure, name)
            close = wanted is got if None in (wanted, got) else abs(wanted - got) <= 6e-5
            assert close, f"{case.name}: {key} {name} is {got}, not {wanted}"
    scopes = {key[1] for key in listed}
    extra = {key for key in found if key[0] in case.complete and key[1] in scopes} - listed
    assert not extra, f"{case.name}: not expected: {sorted(extra, key=str)}"


def page_case(path: Path) -> Case:
    """The worked table of a page under docs/measures."""
    text = path.read_text().split("## Worked by hand", 1)[1]
    as_of = next(line.removeprefix("As of: ") for line in text.splitlines() if line.startswith("As of: "))
    tables = _markdown_tables(text)
    expected = next(rows for rows in tables if "measure" in rows[0])
    return Case(
        name=path.name,
        as_of=moment(as_of),
        acts=next((rows for rows in tables if "who" in rows[0]), ()),
        observations=next((rows for rows in tables if "metric" in rows[0]), ()),
        expected=expected,
        complete=tuple({row["measure"] for row in expected}),
    )


def json_case(path: Path) -> Case:
    content = json.loads(path.read_text())
    content.pop("source")
    content["as_of"] = moment(content["as_of"])
    return Case(name=path.name, **content)


def _markdown_tables(text: str) -> list[list[dict[str, str]]]:
    tables: list[list[dict[str, str]]] = []
    header: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            header = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if header is None:
            header = cells
            tables.append([])
        elif not set(line) <= set("|-: "):
            tables[-1].append(dict(zip(header, cells, strict=True)))
    return tables
