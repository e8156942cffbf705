
import pytest
from collections import Counter
from hypothesis import HealthCheck, settings, seed
from hypothesis.stateful import run_state_machine_as_test
import cocreation.test_merges_whatever_happens as w
from estime.cocreation import together, whole_words
from estime.cocreation.models import Support
from estime.cocreation.errors import ChangedMeanwhile
import estime.cocreation.api as api

def go(place, n=60):
    w.Bringing.place = place()
    run_state_machine_as_test(w.Bringing, settings=settings(max_examples=n, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)))

MUT = {
 "summed": (together, "people_of", lambda g: Support.objects.filter(contribution__in=g).count()),
 "own": (together, "_own_comments", lambda held: {pk: o.comments for pk, o in held.items()}),
 "start": (whole_words, "_start", lambda m, v, k: m.before or 1),
 "flat": (together, "root_of", lambda n, p: p.get(n, n)),
}
@pytest.mark.django_db
@pytest.mark.parametrize("name", MUT)
def test_mutant(place, monkeypatch, name):
    where, what, how = MUT[name]
    monkeypatch.setattr(where, what, how)
    go(place)

@pytest.mark.django_db
def test_big(place, monkeypatch):
    COUNT = Counter()
    real = api.merge_undo
    def counted(*a, **k):
        COUNT["undo"] += 1
        try:
            return real(*a, **k)
        except ChangedMeanwhile:
            COUNT["conflict"] += 1
            raise
    monkeypatch.setattr(api, "merge_undo", counted)
    go(place, 300)
    open("/tmp/merge/count.txt", "w").write(str(COUNT))
