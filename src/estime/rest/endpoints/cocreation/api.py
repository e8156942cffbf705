"""Every endpoint of co-creation, in the order in which the documentation tells them."""

from ninja import Router

from estime.rest.endpoints.cocreation import (
    answers,
    backstage,
    ballots,
    challenges,
    contributions,
    drafts,
    imports,
    merges,
    mine,
    moderation,
    open_data,
    pictures,
    polls,
    questions,
    spaces,
    talk,
    versions,
    watching,
)

ROUTERS: tuple[Router, ...] = (
    spaces.router,
    challenges.router,
    backstage.router,
    open_data.router,
    imports.router,
    contributions.router,
    versions.router,
    merges.router,
    drafts.router,
    pictures.router,
    talk.router,
    questions.router,
    answers.router,
    polls.router,
    ballots.router,
    mine.router,
    moderation.router,
    watching.router,
)
