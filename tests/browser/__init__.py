"""Every page in a real browser. A package, so that its one Chromium ends before others use Django's connections."""
