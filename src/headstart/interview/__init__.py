"""Asks a person the few questions that matter, and returns what was said.

Parts that know little of each other: `planning` decides, without any terminal,
what to ask next and when to stop; `conversation` leads through it; `prompts` is
what each step shows; `terminal` shows one prompt and returns what was chosen.
"""

from headstart.interview.conversation import ask_for_advice, interview
from headstart.interview.draft import Draft
from headstart.interview.planning import MOST_QUESTIONS, next_question
from headstart.interview.prompts import (
    BACK,
    CANCEL,
    CHANGE,
    DEFAULT_NAME,
    ENOUGH,
    NAME,
    SKIP,
    SUMMARY,
    Asker,
    Prompt,
)
from headstart.interview.terminal import terminal

__all__ = [
    "BACK",
    "CANCEL",
    "CHANGE",
    "DEFAULT_NAME",
    "ENOUGH",
    "MOST_QUESTIONS",
    "NAME",
    "SKIP",
    "SUMMARY",
    "Asker",
    "Draft",
    "Prompt",
    "ask_for_advice",
    "interview",
    "next_question",
    "terminal",
]
