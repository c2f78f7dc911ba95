"""Keys of the session that the page Learn owns (see :mod:`lstm_core.ui.widgets.keys`)."""

LESSON = "lesson"               # name of the lesson that is open; "mine": My course, "": the list; also in the address
CARD = "card"                   # name of the card that is open; also in the address
PROGRESS = "course_progress"    # what this browser's course holds, as far as this session knows
REVISION = "course_revision"    # at which revision that was read or kept
ON_STAGE = "on_stage"           # lesson, number of the stage that is set up, and since which opening of the page
REFUSED = "course_refused"      # why the last answer was refused; told once
ACTING = "card_acts"            # what *Show me* does in the page: the card, and when that was asked for
GUIDE = "guide"                 # what lights up what a card speaks of
CONFIDENCE = "confidence"       # how sure one is
COURSE_FILE = "course_file"     # a course that was taken along, to be brought back
COURSE_TOLD = "course_told"     # what came of that, or of deleting: a sentence, or why it was refused; told once
FORGETTING = "course_forgets"   # one has asked for the course to be deleted, and not yet said so again
