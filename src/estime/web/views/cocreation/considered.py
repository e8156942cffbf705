"""What people say of the answers they got: by space and quarter, for everybody to see, never by who answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.kernel.configuration import configuration
from estime.web.access import open_to_all
from estime.web.taking_part import looking, way_here
from estime.web.views.cocreation.space import space_or_404


@require_safe
@open_to_all
@never_cache
def considered(request: HttpRequest, slug: str) -> HttpResponse:
    """The quarters of a space."""
    space = space_or_404(slug, looking(request))
    shown = {
        "space": space,
        "way": way_here(space, None),
        "quarters": [_told(quarter) for quarter in cocreation.considered_quarters(space)],
        "smallest": configuration().privacy.smallest_group,
    }
    return render(request, "cocreation/considered.html", shown, using="jinja2")


def _told(quarter: cocreation.Quarter) -> dict[str, object]:
    number = (quarter.begins.month + 2) // 3
    title = _("Quarter %(number)s of %(year)s") % {"number": number, "year": quarter.begins.year}
    return {"title": title, **quarter._asdict()}
