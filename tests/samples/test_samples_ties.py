"""Protects reach against ties: whoever joins several rooms in one week is one member, in whatever order rows come."""

import ibis

from estime.engagement.tables.reach import membership

PERSONS, ROOMS, NEVER = 20_000, 5, 2_000_000_000


def test_a_member_of_several_rooms_is_one_member() -> None:
    columns = {
        "scope": ["slack"] * PERSONS * ROOMS,
        "person": [person for _ in range(ROOMS) for person in range(PERSONS)],
        "start": [16_594] * PERSONS * ROOMS,
        "end": [NEVER] * PERSONS * ROOMS,
    }
    backend = ibis.duckdb.connect()
    rooms = backend.create_table("rooms", ibis.memtable(columns))
    assert backend.execute(membership(rooms).count()) == PERSONS
