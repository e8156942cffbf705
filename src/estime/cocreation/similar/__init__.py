"""Similar titles, and the search box: French and English, tolerant of slips and word forms (docs/decisions/0017)."""
