"""The picture of the demo's outcome: a strap with two buckles and a loop, drawn here and taken in like any other."""

import io

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 675
PAPER, CLOTH, SEAM, METAL, INK = "#f6f2e9", "#4b6b5f", "#7f988d", "#b9a06a", "#2b2b2b"


def strap_drawn() -> io.BytesIO:
    """A PNG, drawn at twice its size so that its edges are smooth."""
    image = Image.new("RGB", (2 * WIDTH, 2 * HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _bag(pen)
    _strap(pen)
    for left in (640, 1560):
        _buckle(pen, left)
    _loop(pen)
    out = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG")
    out.seek(0)
    return out


def _bag(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((160, 860, 2240, 1480), 120, fill=CLOTH)
    for left in range(240, 2180, 60):
        pen.line((left, 930, left + 34, 930), fill=SEAM, width=8)


def _strap(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((420, 420, 1980, 600), 40, fill=CLOTH)
    for top in (444, 576):
        for left in range(460, 1960, 48):
            pen.line((left, top, left + 26, top), fill=SEAM, width=6)
    for left in (860, 960, 1440, 1540):
        pen.ellipse((left - 14, 496, left + 14, 524), fill=PAPER)
    for left in (470, 1770):
        pen.polygon([(left, 590), (left + 160, 590), (left + 190, 900), (left - 30, 900)], fill=CLOTH)


def _buckle(pen: ImageDraw.ImageDraw, left: int) -> None:
    pen.rounded_rectangle((left, 380, left + 200, 640), 36, outline=METAL, width=34)
    pen.line((left + 20, 510, left + 230, 510), fill=METAL, width=26)
    pen.ellipse((left + 216, 494, left + 248, 526), fill=METAL)


def _loop(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((1140, 396, 1260, 624), 24, outline=INK, width=26)
