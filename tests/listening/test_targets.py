"""Protects whom a text is about: hand-labelled cases, what an installation may list, and that an angry word about
somebody else makes no critic of the brand."""

import importlib.util
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger.acts import START, act, rows
from processes import ROOT

from estime.engagement import api as engagement
from estime.engagement.models import Place as PersonPlace
from estime.engagement.models import StoredFigure
from estime.kernel.configuration import BadConfiguration, configuration
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.listening.actions.due import listen_due
from estime.listening.actions.listen import Heard, listen
from estime.listening.actions.places import Places
from estime.listening.models import Followed, Reading
from estime.listening.scoring import NOT_TOWARD, InstalledReader
from estime.listening.targets.attributing import Attribution, Part, Place, Told, decided
from estime.listening.targets.clauses import LONGEST
from estime.listening.targets.finding import NOBODY, Ref
from estime.listening.targets.listed import (
    LONGEST_KEY,
    NOTHING,
    Listed,
    Targets,
    target_key,
    targets_of,
)
from estime.listening.version import reader_version

_spec = importlib.util.spec_from_file_location("bench_targets", ROOT / "bench" / "targets.py")
assert _spec is not None
assert _spec.loader is not None
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
BRUME = Ref(2, 3)
LISTED = """
[brand]
name = "Solvane"
accounts = [{ channel = "forum", handle = "team" }]
[listening.about]
forum = "Solvane Go"
[[listening.targets]]
kind = "product"
name = "Solvane Go"
aliases = ["l’appli Solvane"]
[[listening.targets]]
kind = "third_party"
name = "Banque Azur"
exact = ["BA"]
"""


def told(text: str, place: Place | None = None, targets: Targets = bench.LISTED) -> Told:
    return Attribution(targets).told(text, place or Place("street"), lambda word: 0.0)


def about(*texts: str, channel: str = "street", answers: int = 0) -> list[tuple[int, int, int]]:
    """Kind, number and `toward` of each text."""
    places = [Place(channel, answers)] * len(texts)
    found = InstalledReader(bench.LISTED).scores(texts, places)
    numbers = map(bench.LISTED.identities.index, found.target_id.tolist())
    return list(zip(found.target.tolist(), numbers, found.toward.tolist(), strict=True))


def test_hand_labelled_cases() -> None:
    found = bench.cases()
    assert len(found) >= 240
    assert min(sum(case.lang == lang for case in found) for lang in ("fr", "en")) >= 120
    assert len({case.text + str(case.place) for case in found}) == len(found)
    ours = bench.read(found)
    hits = [bench.right(case, ref) for case, ref in zip(found, ours.refs, strict=True)]
    for lang in ("fr", "en"):
        unseen = [hit for case, hit in zip(found, hits, strict=True) if case.unseen and case.lang == lang]
        assert sum(unseen) / len(unseen) >= 0.9
    for baseline in (bench.first_mention, bench.nearest_mention):
        assert sum(hits) >= sum(bench._hits(found, baseline)) + 40
    angry = [
        n for n, case in enumerate(found) if case.target in ("third_party", "member") and case.sign == "-"
    ]
    assert sum(ours.toward[n] < 0 for n in angry) <= 0.02 * len(angry)


def test_the_page_tells_what_is_computed() -> None:
    page = bench.PAGE.read_text("utf-8")
    assert page == bench.page(page), "python bench/targets.py --write"


def test_praise_of_the_brand_stands_beside_a_curse_on_the_bank() -> None:
    [(kind, number, toward), whole] = about(
        "My bank is a nightmare, the Brume is wonderful.", "My bank is a nightmare."
    )
    assert (kind, number) == BRUME
    assert toward > 500
    assert whole == (4, 0, NOT_TOWARD)
    scores = InstalledReader(bench.LISTED).scores(["My bank is a nightmare, the Brume is wonderful."])
    assert scores.toward[0] > scores.shares[0, 2] - scores.shares[0, 0], "the whole text stays as it is read"


def test_what_names_nobody_and_feels_nothing_tells_nothing() -> None:
    said = about("[link]", "I hate this.", "Where are the settings of the Brume?", channel="app")
    assert [row[:2] for row in said] == [(2, 2), (2, 2), (2, 3)]
    assert [row[2] == NOT_TOWARD for row in said] == [True, False, False]


def test_which_part_counts() -> None:
    bank, brand, product = Part(Ref(4, 0), ""), Part(Ref(1, 1), ""), Part(Ref(2, 2), "")
    assert decided([bank, brand], [-0.9, 0.5], [True, True]) == 1
    assert decided([bank, brand], [-0.9, 0.1], [True, True]) == 0
    assert decided([bank, brand], [-0.9, 0.5], [True, False]) == 0
    assert decided([brand, product], [0.5, -0.8], [True, True]) == 1
    assert decided([bank, brand], [0.1, 0.1], [True, True]) == 1
    assert decided([bank, brand._replace(felt=False)], [-0.9, -0.5], [True, True]) == 0


@pytest.mark.parametrize(
    ("text", "place", "ref"),
    [
        ("My Brume's zip", Place(), BRUME),
        ("BRUMES", Place(), BRUME),
        ("la fermeture d’Brume", Place(), BRUME),
        ("#Brume20fail", Place(), BRUME),
        ("@Brume", Place(), BRUME),
        ("Fi\u200bltea", Place(), Ref(2, 4)),
        ("FILTE\u0301A", Place(), Ref(2, 4)),
        ("Brumeux", Place(), NOBODY),
        ("see https://brume.example/brume", Place(), NOBODY),
        ("<a title='brume'>this</a>", Place(), NOBODY),
        ("écrire à brume@example.org", Place(), NOBODY),
        ("the azur sea", Place(), NOBODY),
        ("Azur again", Place(), Ref(5 - 1, 5)),
        ("this update", Place("app"), Ref(2, 2)),
        ("this update", Place("street"), NOBODY),
        ("nothing named", Place("app"), Ref(2, 2)),
        ("nothing named", Place("shop"), Ref(1, 1)),
        ("nothing named", Place("street", 2), Ref(1, 1)),
        ("you are wrong", Place("app", 1), Ref(3, 0)),
        ("you are wrong", Place("app", 2), Ref(1, 1)),
        ("Solvane Go", Place(), Ref(2, 2)),
        ("Solvane goes on", Place(), Ref(1, 1)),
    ],
)  # fmt: skip
def test_names(text: str, place: Place, ref: Ref) -> None:
    assert told(text, place).ref == ref


def test_what_is_listed_comes_before_what_everybody_knows() -> None:
    assert told("amazon", targets=NOTHING).ref == Ref(4, 0)
    assert told("my bank, Amazon", targets=Targets((Listed(1, "Amazon", ("Amazon", "bank")),))).ref == Ref(
        1, 1
    )


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀😀😀", "\x00\x01\x07", "<br><p></p>", "!!!…,,,", "\u202eمرحبا بالعالم", "它很棒 шикарно", "#", "@",
     "@.", "# @ #", "\ud800", "İ" * 50, "a" * 1_000_000, "🙏 " * 300_000, "but but but, and", "&#0;&lt;"],
)  # fmt: skip
def test_whatever_is_brought_has_a_clear_outcome(text: str) -> None:
    for place in (Place("street"), Place("app", 1), Place("shop", 2)):
        assert told(text, place)[:2] in [(ref, ()) for ref in (NOBODY, Ref(2, 2), Ref(1, 1), Ref(3, 0))]
    [(kind, number, toward)] = about(text)
    assert (kind, number, toward) == (0, 0, NOT_TOWARD)


def test_only_the_beginning_is_looked_at() -> None:
    assert told("x" * LONGEST + " Brume").ref == NOBODY
    assert told("Brume " + "x " * 500_000).ref == BRUME


_words = st.sampled_from(
    "the my Brume Filtéa bank Solvane Go you love hate but and . , ! #Brume20 @ana it merci 😀".split()
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_words, max_size=25), st.sampled_from(["street", "app", "shop"]), st.integers(0, 2))
def test_parts_are_parts_of_the_text(words: list[str], channel: str, answers: int) -> None:
    found = told(" ".join(words), Place(channel, answers))
    if found.parts:
        assert len({part.ref for part in found.parts}) == len(found.parts) > 1
        assert all(word in words for part in found.parts for word in part.text.split())
    else:
        assert found.ref == NOBODY or found.ref.kind in (1, 2, 3, 4)


def test_texts_read_together_or_apart_are_told_the_same() -> None:
    found = bench.cases()[::7]
    reader = InstalledReader(bench.LISTED)
    together = reader.scores([case.text for case in found], [case.place for case in found])
    for row, case in enumerate(found):
        alone = reader.scores([case.text], [case.place])
        assert (together.target[row], together.target_id[row]) == (alone.target[0], alone.target_id[0])
        assert abs(int(together.toward[row]) - int(alone.toward[0])) <= 1


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESTIME_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def listed(home: Path) -> Path:
    (home / "estime.toml").write_text(LISTED)
    return home


def test_what_an_installation_lists(listed: Path) -> None:
    found = targets_of(configuration())
    assert [(t.kind, t.name) for t in found.listed] == [(2, "Solvane Go"), (4, "Banque Azur"), (1, "Solvane")]
    assert found.about == (("forum", 1),)
    assert told("BA is bad", targets=found).ref == Ref(4, 2)
    assert told("ba is bad", targets=found).ref == NOBODY
    assert told("Solvane is bad", targets=found).ref == Ref(1, 3)
    assert told("@team thanks", targets=found).ref == Ref(1, 3)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[[listening.targets]]\nkind = "brand"\nname = "A"', "too short"),
        ('[[listening.targets]]\nkind = "brand"\nname = "Acme"\naliases = ["X Y"]', "too short"),
        ('[[listening.targets]]\nkind = "brand"\nname = "😀😀😀"', "too short"),
        ('[[listening.targets]]\nkind = "firm"\nname = "Acme"', "brand"),
        (
            '[[listening.targets]]\nkind = "brand"\nname = "Acme"\n[[listening.targets]]\nkind = "product"\n'
            'name = "Thing"\naliases = ["ACMÉ"]',
            "both “Acme” and “Thing”",
        ),
        ('[[listening.targets]]\nkind = "brand"\nname = "Acme"\n' * 2, "both"),
        ('[listening.about]\nforum = "Nothing"', "listening.about.forum"),
        (
            '[listening.about]\nforum = "Bank"\n[[listening.targets]]\nkind = "third_party"\nname = "Bank"',
            "neither the brand’s name",
        ),
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused(home: Path, toml: str, words: str) -> None:
    (home / "estime.toml").write_text(toml)
    with pytest.raises(BadConfiguration, match=words):
        configuration()


def test_as_many_targets_as_may_be() -> None:
    from estime.kernel.configuration import MOST_TARGETS

    many = Targets(tuple(Listed(2, f"Thing {n}", (f"Thing {n}", f"Chose{n}q")) for n in range(MOST_TARGETS)))
    scores = InstalledReader(many).scores([f"I love thing {MOST_TARGETS - 1}.", "chose77Q!", "thing"])
    assert scores.target_id.tolist() == [many.identities[MOST_TARGETS], many.identities[78], 0]
    assert len(set(many.identities)) == MOST_TARGETS + 1


def test_other_targets_are_another_reader(listed: Path) -> None:
    first = reader_version()
    (listed / "estime.toml").write_text(LISTED.replace("Banque Azur", "Banque Bleue"))
    second = reader_version()
    (listed / "estime.toml").write_text(LISTED.replace('"team"', '"other"'))
    third = reader_version()
    (listed / "estime.toml").write_text(LISTED + "\n[measures]\nhalf_life_days = 7\n")
    assert len({first, second, third}) == 3
    assert reader_version() == first, "what else is set makes no difference"


def test_what_is_kept_of_a_target_is_its_own_in_any_order(listed: Path) -> None:
    """Until texts are read again their readings mean what they meant, whatever became of the list."""
    before = {target.name: target.identity for target in targets_of(configuration()).listed}
    first, second, third = LISTED.split("[[listening.targets]]")
    other = '\nkind = "product"\nname = "Banque Verte"\n'
    (listed / "estime.toml").write_text("[[listening.targets]]".join((first, other, third, second)))
    after = {target.name: target.identity for target in targets_of(configuration()).listed}
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == 4
    assert Listed(2, "Solvane Go").identity == Listed(2, "SOLVANE  gô").identity
    assert Listed(2, "Solvane Go").identity != Listed(1, "Solvane Go").identity


@pytest.mark.parametrize("name", ["x" * 200, "œ " * 100, "Le savon-crème, n° 3"])
def test_a_name_in_an_address_is_short_and_leads_back(name: str) -> None:
    key = target_key(name)
    assert len(key) <= LONGEST_KEY
    assert target_key(key) == key == target_key(name.upper())
    assert target_key(name + " b") != key


def test_all_texts_are_read_again_for_other_targets(installed: Path) -> None:
    ledger.append("forum", rows(*(act(n, content=f"I love the Nimbus {n}!") for n in range(4))))
    assert listen(processes=1) == Heard(4, 0)
    assert set(Reading.objects.values_list("target", "toward")) == {(0, None)}
    assert not listen_due()
    (installed / "estime.toml").write_text('[[listening.targets]]\nkind = "product"\nname = "Nimbus"\n')
    assert listen_due()
    assert listen(processes=1) == Heard(0, 4)
    (nimbus,) = targets_of(configuration()).listed
    assert set(Reading.objects.values_list("target", "target_id")) == {(2, nimbus.identity)}
    assert min(Reading.objects.values_list("toward", flat=True)) > 300
    assert Followed.objects.get().version == 2
    assert not listen_due()


def test_whom_a_text_answers(installed: Path) -> None:
    (installed / "estime.toml").write_text(
        '[brand]\naccounts = [{ channel = "forum", handle = "person-0" }]\n'
    )
    ledger.append(
        "forum",
        rows(
            act(0, object_id="brands", content="News"),
            act(1, object_id="members", content="Question"),
            *(act(n, in_reply_to=to, content="Thanks, you are wonderful!")
              for n, to in enumerate(("brands", "members", "elsewhere", None), 2)),
        ),
    )  # fmt: skip
    places = Places()
    written = ledger.texts_following((0, 0))[0]
    assert [places.of(text) for text in written[2:]] == [Place("forum", n) for n in (2, 1, 1, 0)]
    listen(processes=1)
    assert list(Reading.objects.order_by("seq").values_list("target", flat=True))[2:] == [1, 3, 3, 0]


BANK = [
    "My bank blocked my card, I am furious.",
    "Ma banque est une honte, je la déteste.",
    "I hate Banque Azur.",
]
PRAISE = [
    "I love Solvane, great people.",
    "Solvane est une belle marque, je l’adore.",
    "Thank you Solvane, superb!",
]
BLAME = [
    "I hate Solvane, horrible people.",
    "Solvane est une honte, je la déteste.",
    "Solvane is a terrible brand.",
]
SAID = (BANK, PRAISE, BLAME)
MAP = """
[privacy]
person_affect = true
purpose = "To listen better"
legal_basis = "Weighed interest"
"""


@SQLITE
def test_who_is_angry_at_a_bank_is_no_critic(installed: Path) -> None:
    """From the text to the map: of people who curse banks nothing is known, of those who speak of us it is."""
    (installed / "estime.toml").write_text(
        LISTED.replace('[listening.about]\nforum = "Solvane Go"\n', "") + MAP
    )
    drafts = []
    for number in range(36 * 10):
        person, turn = number % 36, number // 36
        when = START + timedelta(days=8 * turn, minutes=person)
        text = SAID[person % 3][(turn + person // 3) % 3]
        drafts.append(act(number, actor=f"person-{person}", published=when, content=text))
    ledger.append("forum", rows(*drafts))
    listen(processes=1)
    engagement.refresh(now=START + timedelta(days=80))
    bankers, fans, critics = (
        {ledger.account_key("forum", f"person-{n}") for n in range(kind, 36, 3)} for kind in range(3)
    )
    table = Lake(str(installed / "lake")).table("readings")
    assert table is not None
    read = table.to_pyarrow_table().to_pydict()
    angry = [at for at, account in enumerate(read["account"]) if account in bankers]
    assert len(angry) == 120
    assert np.mean([read["valence"][at] for at in angry]) < -500
    assert {read["toward"][at] for at in angry} == {None}
    places = {place.account: place for place in PersonPlace.objects.all()}
    assert set(places) == fans | critics, "nobody is placed by what they say of a bank"
    assert all((places[key].value or 0) > 0.1 for key in fans)
    assert all((places[key].value or 0) < -0.1 for key in critics)
    unknown = StoredFigure.objects.get(scope="forum", period=None, measure="map", label="unknown")
    assert unknown.n == len(bankers)
