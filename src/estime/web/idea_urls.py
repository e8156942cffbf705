"""Addresses of co-creation: contributions, drafts, discussion, pictures, merges."""

from django.urls import URLPattern, path

from estime.web.views.cocreation import coauthors, comments, idea, ideas, pictures, versions, write

PATHS: list[URLPattern] = [
    path("challenges/<int:pk>/ideas/", ideas.ideas, name="ideas"),
    path("challenges/<int:pk>/write/", write.write, name="write"),
    path("challenges/<int:pk>/similar/", write.similar_shown, name="similar-titles"),
    path("challenges/<int:pk>/follow/", idea.challenge_follow, name="challenge-follow"),
    path("challenges/<int:pk>/comments/", comments.challenge_comment, name="challenge-comment"),
    path("questions/<int:pk>/comments/", comments.question_comment, name="question-comment"),
    path("spaces/<slug:slug>/ideas/", ideas.space_ideas, name="space-ideas"),
    path("spaces/<slug:slug>/newcomers/", ideas.newcomers, name="newcomers"),
    path("drafts/", ideas.drafts, name="drafts"),
    path("drafts/<uuid:pk>/", write.draft, name="draft"),
    path("drafts/<uuid:pk>/discard/", write.draft_discard, name="draft-discard"),
    path("ideas/<int:pk>/", idea.idea, name="idea"),
    path("ideas/<int:pk>/support/", idea.idea_support, name="idea-support"),
    path("ideas/<int:pk>/follow/", idea.idea_follow, name="idea-follow"),
    path("ideas/<int:pk>/withdraw/", idea.idea_withdraw, name="idea-withdraw"),
    path("ideas/<int:pk>/write/", write.idea_write, name="idea-write"),
    path("ideas/<int:pk>/improve/", versions.idea_improve, name="idea-improve"),
    path("ideas/<int:pk>/versions/", versions.idea_versions, name="idea-versions"),
    path("ideas/<int:pk>/versions/<int:number>/disown/", versions.version_disown, name="version-disown"),
    path("ideas/<int:pk>/authors/", coauthors.idea_authors, name="idea-authors"),
    path("ideas/<int:pk>/invitation/", coauthors.idea_invitation, name="idea-invitation"),
    path("ideas/<int:pk>/comments/", comments.idea_comment, name="idea-comment"),
    path("comments/<int:pk>/", comments.comment, name="comment"),
    path("comments/<int:pk>/wordings/", comments.comment_wordings, name="comment-wordings"),
    path("comments/<int:pk>/edit/", comments.comment_edit, name="comment-edit"),
    path("comments/<int:pk>/withdraw/", comments.comment_withdraw, name="comment-withdraw"),
    path("improvements/<int:pk>/", versions.improvement, name="improvement"),
    path("improvements/<int:pk>/decline/", versions.improvement_decline, name="improvement-decline"),
    path("people-in/<slug:kind>/<int:pk>/", comments.people_suggested, name="people-suggested"),
    path("pictures/<uuid:pk>/", pictures.picture, name="picture"),
    path("pictures/<uuid:pk>/small/", pictures.picture, {"size": "small"}, name="picture-small"),
]
