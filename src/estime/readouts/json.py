"""A report for programs: what is said, and every figure behind it, unrounded."""

from typing import Any

from estime.readouts.shapes import Report, Section, plain


def as_json(report: Report) -> dict[str, Any]:
    """Only plain values: `json.dumps` takes it as it is."""
    return {
        "edition": report.edition,
        "scope": report.scope,
        "title": report.title,
        "lang": report.lang,
        "archive": report.archive,
        "as_of": report.as_of.isoformat(),
        "made_at": report.made_at.isoformat(),
        "attribution": report.attribution,
        "truth": report.truth.text,
        "sections": [_section(section) for section in report.sections],
        "figures": [
            {**figure._asdict(), "period": figure.period.isoformat() if figure.period else None}
            for figure in report.figures
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "sentence": section.sentence,
        "finding": plain(section.finding),
        "note": section.note,
        "definition": f"docs/measures/{section.definition}.md",
    }
