"""Makes the installation of "1 of 4" that the upgrade tests begin from (README.md says how it was run).

Run with the code of that state on the path. It lives a small, invented life through the commands themselves, and
tells what was there at the end: every act, every figure, every login.
"""

import gzip
import json
import os
import random
import subprocess
import sys
from pathlib import Path

from ledgers_read import told_ledger  # of this folder: reads the old schema

HANDLES = ["Camille.Roche", "lou-vidal", "oncle_paul", "Zoé_M", "p.durand", "Ines*B", "maxime42", "noor"]
ERASED = "oncle_paul"
TOML = """\
[brand]
name = "Maison Gourde"
accent = "#7a1f5c"
accounts = [{ channel = "forum", handle = "equipe-gourde" }, { channel = "salon", handle = "gourde" }]

[measures]
as_of = "last"

[report]
front = "forum"
"""


def forum(path: Path) -> None:
    """Posts, replies, likes, joins; one row that nobody can use and one that is told twice."""
    draw = random.Random(4)
    lines = ["id,author,date,text,type,reply_to,object"]
    for n in range(170):
        who = "equipe-gourde" if n % 11 == 5 else draw.choice(HANDLES)
        date = (
            f"2023-{1 + n // 20:02d}-{1 + draw.randrange(28):02d}T{draw.randrange(24):02d}:{n % 60:02d}:07Z"
        )
        kind = draw.choice(["post", "comment", "comment", "like", "join"])
        reply = f"p{draw.randrange(n)}" if kind == "comment" and n else ""
        thing = f"p{draw.randrange(n + 1)}" if kind == "like" else "atelier" if kind == "join" else ""
        text = f"Message {n} : le bouchon fuit-il encore ?" if kind in ("post", "comment") else ""
        lines.append(f"p{n},{who},{date},{text},{kind},{reply},{thing}")
    lines += ["p900,noor,hier,Sans date,post,,", lines[3]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def salon(path: Path) -> None:
    """Activity Streams lines: votes, an Undo, an offer as incentive, somebody who speaks for the brand."""
    draw = random.Random(5)
    acts = []
    for n in range(60):
        act = {
            "id": f"s{n}",
            "type": "Create",
            "actor": "gourde" if n % 9 == 4 else draw.choice(HANDLES),
            "published": f"2023-{1 + n // 8:02d}-{2 + n % 8:02d}T18:{n:02d}:00.000123Z",
            "object": {"id": f"n{n}", "type": "Note", "content": f"Idée {n} · goulot « large »"},
            "context": f"room{n % 3}",
        }
        if n % 7 == 3:
            act |= {"object": {"id": f"v{n}", "type": "Vote"}, "estime:value": draw.choice([-1, 0, 1])}
        if n % 10 == 6:
            act |= {"type": "Undo", "object": f"s{n - 3}"}
        if n % 12 == 1:
            act |= {"estime:incentive": "printemps-2023", "colour": "vert"}
        if n % 9 == 4:
            act["estime:onBehalfOf"] = "gourde"
        acts.append(json.dumps(act, ensure_ascii=False))
    path.write_text("\n".join(acts) + "\n", encoding="utf-8")


def followers(path: Path) -> None:
    path.write_text("date,followers\n" + "".join(f"2023-{m:02d}-01,{900 + 41 * m}\n" for m in range(1, 10)))


def page(path: Path) -> None:
    lines = ["id,date,likes,comments,shares"]
    lines += [f"f{n},2023-0{1 + n % 9}-1{n % 9}T08:00:00Z,{30 + n},{n % 7},{n % 4}" for n in range(25)]
    path.write_text("\n".join(lines) + "\n")


def estime(*words: object, code: int = 0) -> None:
    done = subprocess.run([sys.executable, "-m", "estime", *map(str, words)], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"estime {words} ended with {done.returncode}: {done.stderr}")


PEOPLE = """
from estime.cli.installation import open_installation
open_installation()
from estime.people.models import User
User.objects.create_user("Chef@example.org", "Un vieux mot de passe", name="Cheffe", is_staff=True, language="fr")
User.objects.create_superuser("root@example.org", "Un autre mot de passe")
User.objects.create_user("client@example.org", "Encore un mot de passe", name="Client")
User.objects.create_user("partie@example.org", None, is_staff=True, is_active=False)
"""


def live(files: Path) -> None:
    files.mkdir()
    for name, write in {
        "forum.csv": forum, "salon.jsonl": salon, "followers.csv": followers, "page.csv": page,
    }.items():  # fmt: skip
        write(files / name)
    estime("init", "--brand", "Maison Gourde")
    (Path(os.environ["ESTIME_HOME"]) / "estime.toml").write_text(TOML, encoding="utf-8")
    estime("import", files / "forum.csv", "-c", "forum", "--title", "Le forum", code=1)
    estime("import", files / "followers.csv", "-c", "forum", "--as", "audience", "--timezone", "UTC")
    estime("refresh")
    estime("import", files / "salon.jsonl", "-c", "salon", "--as", "as2")
    estime("import", files / "page.csv", "-c", "page", "--as", "insights", "--account", "MaisonGourde")
    estime("refresh")
    estime("erase", ERASED, "-c", "forum", "--yes")
    estime("refresh")
    subprocess.run([sys.executable, "-c", PEOPLE], check=True)


def main(out: Path, vendor: str, scratch: Path) -> None:
    live(scratch)
    target = out / f"one-of-four-{vendor}.tar.gz"
    target.unlink(missing_ok=True)
    estime("backup", target)
    told = told_ledger(os.environ.get("ESTIME_DATABASE_URL", ""))
    text = json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True).encode()
    (out / f"one-of-four-{vendor}.json.gz").write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], Path(sys.argv[3]))
