"""Addresses of listening: topics, texts, brand and products, saved searches. Words in them are sealed."""

from django.urls import URLPattern, path

from estime.web.views import listening_searches, listening_targets, listening_texts, topics

PATHS: list[URLPattern] = [
    path("listening/", topics.topics, name="listening"),
    path("listening/choose/", topics.topics_choose, name="listening-choose"),
    path("listening/topics/<int:number>/", topics.topic, name="listening-topic"),
    path("listening/texts/", listening_texts.texts, name="listening-texts"),
    path("listening/texts/find/", listening_texts.texts_find, name="listening-texts-find"),
    path("listening/targets/", listening_targets.targets, name="listening-targets"),
    path("listening/searches/", listening_searches.searches, name="listening-searches"),
    path("listening/searches/new/", listening_searches.search_new, name="listening-search-new"),
    path("listening/searches/seen/", listening_searches.alerts_seen, name="listening-alerts-seen"),
    path("listening/searches/<int:pk>/", listening_searches.search, name="listening-search"),
    path(
        "listening/searches/<int:pk>/delete/",
        listening_searches.search_delete,
        name="listening-search-delete",
    ),
    path("listening/searches/alerts/<int:pk>/", listening_searches.alert, name="listening-alert"),
]
