"""The course: lessons that ask before they show, and hold the answer against the learner's own run.

A lesson is three files in ``course/``: what happens in Python, and its words in each language as Markdown.
"""
