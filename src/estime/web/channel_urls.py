"""Addresses of channels, files, refused rows and jobs."""

from django.urls import URLPattern, path

from estime.web.views import channels, corrections, jobs, rejects, uploads

_IMPORT = "channels/imports/<uuid:import_id>/"

PATHS: list[URLPattern] = [
    path("channels/", channels.channels, name="channels"),
    path("channels/upload/", uploads.upload, name="upload"),
    path("channels/upload/<uuid:upload_id>/", uploads.upload_page, name="upload-page"),
    path(_IMPORT, rejects.import_page, name="import"),
    path(f"{_IMPORT}rows/<int:place>/", rejects.reject, name="reject"),
    path(f"{_IMPORT}correct/", corrections.correct, name="import-correct"),
    path(f"{_IMPORT}close/", corrections.close, name="import-close"),
    path(f"{_IMPORT}corrected/", corrections.corrected, name="import-corrected"),
    path(f"{_IMPORT}refused.<str:kind>", corrections.rejects_file, name="import-rejects"),
    path("channels/named/<str:name>/", channels.channel, name="channel-named"),
    path("channels/<str:name>/", channels.channel, name="channel-page"),
    path("jobs/", jobs.jobs_page, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
]
