import statistics, time, pytest
from cocreation.merging import again, merged, whole_of
from cocreation.places import place_made
from cocreation.writing import given
from cocreation.voting import crowd
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from estime.cocreation import api
from estime.cocreation.models import *

@pytest.mark.parametrize("n", [0])
def test_measure(installed, n):
    p = place_made()
    ones = [given(p, p.members[i % 4], f"Lid number {i}", "Words of a lid. " * 60 + f"{i}.") for i in range(11)]
    people = crowd(5000)
    Support.objects.bulk_create([Support(contribution=ones[i % 11], member=m, at=p.at) for i, m in enumerate(people)], batch_size=500)
    Support.objects.bulk_create([Support(contribution=ones[(i + 1) % 11], member=m, at=p.at) for i, m in enumerate(people[:1000])], batch_size=500)
    Comment.objects.bulk_create([Comment(contribution=ones[i % 11], by=people[i], body="It is **good**, I have tried it at home.", at=p.at, source=f"x/{i}", channel="estime") for i in range(2000)], batch_size=500)
    for o in ones:
        Contribution.objects.filter(pk=o.pk).update(supports=Support.objects.filter(contribution=o).count(), comments=Comment.objects.filter(contribution=o).count())
    t = time.perf_counter(); merge = api.merge_propose(p.dani, ones[0].pk, [o.pk for o in ones[1:]], whole_of(*[again(o) for o in ones]), when=p.at); a = time.perf_counter() - t
    t = time.perf_counter(); merge = api.merge_decide(p.lea, merge.pk, "r", when=p.at); b = time.perf_counter() - t
    assert again(ones[0]).supports == 5000 and again(ones[0]).comments == 2000
    told = {}
    anna = Client(); anna.force_login(p.anna.user)
    lea = Client(); lea.force_login(p.lea.user)
    for name, client, path in (("head stranger", Client(), f"/en/ideas/{ones[0].pk}/"), ("head author", anna, f"/en/ideas/{ones[0].pk}/"), ("part", Client(), f"/en/ideas/{ones[1].pk}/"), ("merge", Client(), f"/en/together/{merge.pk}/"), ("undo", lea, f"/en/together/{merge.pk}/undo/"), ("choose", anna, f"/en/ideas/{ones[0].pk}/together/")):
        client.get(path)
        with CaptureQueriesContext(connection) as q: client.get(path)
        ts = []
        for _ in range(20):
            t = time.perf_counter(); r = client.get(path); ts.append(time.perf_counter() - t); assert r.status_code == 200
        told[name] = (round(statistics.median(ts) * 1000, 1), round(max(ts) * 1000, 1), len(q))
    t = time.perf_counter(); api.support(p.dani, ones[3].pk, when=p.at); c = time.perf_counter() - t
    t = time.perf_counter(); api.merge_undo(p.lea, merge.pk, "r", when=p.at); d = time.perf_counter() - t
    assert Notice.objects.filter(event__kind="merged").values("member").distinct().count() == Notice.objects.filter(event__kind="merged").count()
    open("/tmp/merge/measure.txt", "a").write(f"{connection.vendor} {told} propose {a*1000:.0f} settle {b*1000:.0f} support {c*1000:.1f} undo {d*1000:.0f} notices {Notice.objects.count()}\n")
