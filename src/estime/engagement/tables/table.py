"""The one name under which tables of any engine are known here (Ibis has no complete types)."""

from typing import TypeAlias

import ibis

Table: TypeAlias = ibis.Table
