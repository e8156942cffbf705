"""`makemessages` as Django has it, but with the words of Jinja2 pages found wherever they stand."""

from pathlib import Path

from django.core.management.commands import makemessages

from estime.web.words import as_python


class _File(makemessages.BuildFile):
    def preprocess(self) -> None:
        if not (self.is_templatized and "jinja2" in Path(self.path).parts):
            super().preprocess()
            return
        told = as_python(Path(self.path).read_text(encoding="utf-8"))
        Path(self.work_path).write_text(told, encoding="utf-8")


class Command(makemessages.Command):
    build_file_class = _File
