"""The page of the validity report: for the brand's people, of groups alone, computed anew by whoever may run jobs."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now
from readouts import told
from readouts.told_validity import measured, too_short
from web.stored import store
from web.test_acts import signed_in

from estime.engagement import api
from estime.engagement.models import ValidityReport
from estime.jobs.models import Job
from estime.readouts.jobs import validate_job
from estime.readouts.validity_draw import validity_publish

pytestmark = pytest.mark.django_db
PAGE = "/en/c/club/validity/"
BUTTON = "Compute it anew"


@pytest.fixture
def kept() -> None:
    store((told.scope(), told.community()), draw=False)
    validity_publish(measured())


def page(role: str = "analyst", path: str = PAGE) -> str:
    answer = signed_in(role).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_report_in_sentences_tables_and_pictures(kept: None) -> None:
    shown = page()
    for words in (
        "adds nothing that can be shown",
        "How many will act again",
        "AUC gained",
        "From moment to moment",
    ):
        assert words in shown
    assert shown.count("<figure>") == 2
    assert BUTTON not in shown, "an analyst looks, and runs nothing"
    assert "Combien agiront de nouveau" in page(path="/fr/c/club/validity/")
    assert "/en/c/club/validity/" in page(path="/en/c/club/")


def test_cells_of_the_map_only_while_people_may_be_placed(kept: None, tmp_path: Path) -> None:
    assert "Attached and active" not in page()
    told = '[privacy]\nperson_affect = true\npurpose = "To listen"\nlegal_basis = "Weighed"\n'
    (tmp_path / "home" / "estime.toml").write_text(told)
    assert "Attached and active" in page()


def test_before_the_first_report_and_with_a_short_history() -> None:
    store((told.scope(), told.community()), draw=False)
    assert "No report so far" in page()
    validity_publish(too_short())
    assert "There are 1 so far." in page()


def test_who_may_look_and_who_may_have_it_computed(kept: None) -> None:
    assert signed_in("member").get(PAGE).status_code == 403
    assert signed_in("lead").get("/en/c/other/validity/").status_code == 404
    compute = "/en/validity/compute/"
    assert signed_in("analyst").post(compute).status_code == 403
    assert BUTTON in page("lead")
    for _twice in range(2):
        assert signed_in("lead").post(compute).status_code == 302
    assert Job.objects.filter(kind="validate", status="waiting").count() == 1
    assert "A report is being computed." in page("lead")
    assert signed_in("lead").get(compute).status_code == 405


def test_a_report_is_due_when_it_is_missing_old_or_counts_somebody_who_was_erased(kept: None) -> None:
    ValidityReport.objects.update(made_at=now(), stale=False)
    assert api.validity_due() is False
    ValidityReport.objects.update(made_at=now() - timedelta(days=2))
    assert api.validity_due() is False
    ValidityReport.objects.update(stale=True)
    assert api.validity_due() is True
    ValidityReport.objects.update(made_at=now() - timedelta(days=8), stale=False)
    assert api.validity_due() is True
    ValidityReport.objects.all().delete()
    assert api.validity_due() is True


def test_the_job_without_any_acts_does_nothing() -> None:
    words, numbers = validate_job({}, lambda done, total: None)
    assert numbers == {"count": 0}
    assert str(words % numbers) == "0 validity reports made."
    assert api.validity_due() is False
