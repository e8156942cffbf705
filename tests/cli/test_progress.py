"""What takes longer than a second shows on a terminal that it goes on."""

import sys

import pytest

pytestmark = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


def test_a_terminal_is_told_what_is_being_done(installed, forum, call, tmp_path, monkeypatch):
    backup = tmp_path / "whole.tar.gz"
    called = {
        "forum.csv → forum": ("import", forum, "--channel", "forum"),
        "Exporting": ("export", tmp_path / "out"),
        "Erasing": ("erase", "ana", "--channel", "forum", "--yes"),
        "Writing the backup": ("backup", backup),
        "Reading the backup": ("restore", "--check", backup),
    }
    monkeypatch.setenv("TERM", "xterm")
    for said, words in called.items():
        with monkeypatch.context() as watched:
            watched.setattr(sys.stderr, "isatty", lambda: True)
            told = call(*words)
        assert told.code == 0, told.err
        assert said in told.err
        assert told.out == ""


def test_the_doctor_tells_each_finding_as_it_is_found(installed, call, monkeypatch):
    from estime.cli import checkup

    def looked(**_how):
        yield next(found)
        raise KeyboardInterrupt

    found = checkup.examine()
    monkeypatch.setattr(checkup, "examine", looked)
    told = call("doctor")
    assert told.code == 130
    assert told.out.startswith("ok       folder: ")
