"""
What a class prints, from the same data as the wall: a lesson becomes pages (plain data), pages become a PDF.

The pages say what is on them; the templates (`templates/*.typ`) say where it is; the pictures are the wall's own.
"""

from petitpas.printing.pages import CLASS_PARTS, LESSON_PARTS, PARTS, Job, booklet_pages, lesson_pages
from petitpas.printing.press import pdf, png

__all__ = ["CLASS_PARTS", "LESSON_PARTS", "PARTS", "Job", "booklet_pages", "lesson_pages", "pdf", "png"]
