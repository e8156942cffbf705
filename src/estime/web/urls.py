"""Every page stands at its address (the browser decides the language) and under /fr/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from estime.web import (
    acts_urls,
    asking_urls,
    channel_urls,
    desk_urls,
    idea_urls,
    listening_urls,
    loop_urls,
    map_urls,
    merge_urls,
    moderation_urls,
    settings_urls,
    space_urls,
    validity_urls,
    vote_urls,
)
from estime.web.account_urls import ACCOUNT, PROVIDER_URLS
from estime.web.views import (
    definitions,
    downloads,
    front,
    leaving,
    me,
    members_invite,
    overview,
    sign_in,
    staff,
    style,
    tokens,
)

PAGES: list[URLPattern] = [
    path("", front.front, name="front"),
    path("overview/", overview.overview, name="overview"),
    path("all/", overview.overview, {"scope": "*"}, name="all"),
    path("c/<str:scope>/", overview.overview, name="channel"),
    *downloads.paths(),
    *desk_urls.PATHS,
    *channel_urls.PATHS,
    *settings_urls.PATHS,
    *acts_urls.PATHS,
    *space_urls.PATHS,
    *idea_urls.PATHS,
    *merge_urls.PATHS,
    *vote_urls.PATHS,
    *loop_urls.PATHS,
    *asking_urls.PATHS,
    *moderation_urls.PATHS,
    *map_urls.PATHS,
    *validity_urls.PATHS,
    *listening_urls.PATHS,
    path("me/", me.me, name="me"),
    path("me/elsewhere/", me.sign_out_elsewhere, name="me-elsewhere"),
    path("me/leave/", leaving.leave, name="me-leave"),
    path("me/leave/code/", leaving.leave_code, name="me-leave-code"),
    path("me/leave/sure/", leaving.leave_sure, name="me-leave-sure"),
    path("goodbye/", leaving.goodbye, name="goodbye"),
    path("me/second-step/", me.second_step, name="second-step"),
    path("staff/", staff.staff, name="staff"),
    path("staff/invite/", staff.staff_invite, name="staff-invite"),
    path("staff/invitations/<int:pk>/", staff.staff_invitation, name="staff-invitation"),
    path("staff/trail/", staff.staff_trail, name="staff-trail"),
    path("staff/<int:pk>/", staff.staff_person, name="staff-person"),
    path("members/invite/", members_invite.members_invite, name="members-invite"),
    path(
        "members/invite/<int:pk>/revoke/",
        members_invite.members_invitation_revoke,
        name="members-invitation-revoke",
    ),
    path("join/", sign_in.join, name="join"),
    path("join/<str:secret>/", sign_in.invitation, name="invitation"),
    path("staff-link/", sign_in.staff_link, name="staff-link"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.token_revoked, name="token-revoke"),
    path("errors/", tokens.error_codes, name="error-codes"),
    path("style/", style.style, name="style"),
    path("definitions/", definitions.definitions, name="definitions"),
    path("definitions/<slug:measure>/", definitions.definition, name="definition"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", definitions.brand_css, name="brand-css"),
    *PAGES,  # first, so that `reverse` finds those with a language: it looks from the end
    *i18n_patterns(*PAGES, path("account/", include(ACCOUNT))),
    *PROVIDER_URLS,
]

handler400 = "estime.web.errors.bad_request"
handler403 = "estime.web.errors.forbidden"
handler404 = "estime.web.errors.not_found"
handler500 = "estime.web.errors.went_wrong"
