"""Keys of the session that the classroom owns (see :mod:`lstm_core.ui.widgets.keys`)."""

MEMBERSHIP = "class_membership"     # the classes this browser is in, as they were read last
CHOSEN = "class_chosen"             # code of the one that is shown
READ_AT = "class_read_at"           # since which opening of a page that is known
JOINING = "class_joining"           # code and key of the link that was opened, until one has joined
SECRET = "class_secret"             # of the private link, as long as this session may show it
REFUSED = "class_refused"           # why the last step was refused; told once
TOLD = "class_told"                 # what came of it; told once
BAR, WALL = "class_bar", "class_wall"       # the components
DOES = "class_does"                 # turn of the last request of the bar that was answered
SHOWS = "class_shows"               # part of the teacher's controls that is open
TYPED, NAME = "class_typed", "class_name"   # code and name of somebody who joins
LESSON, CARD = "class_lesson", "class_card"             # whose question is asked,
TEXT, KIND, OPTIONS = "class_text", "class_kind", "class_options"       # an own question,
LOW, HIGH, WHOLE = "class_low", "class_high", "class_whole"
X_NAME, Y_NAME = "class_x_name", "class_y_name"
RIGHT_OPTION, RIGHT_NUMBER = "class_right_option", "class_right_number"
BASE, SETTING = "class_base", "class_setting"           # an experiment,
VALUES = "class_values"             # and after it the setting
GOAL = "class_goal"                 # where all are brought: kind,
GOAL_LESSON, GOAL_CARD = "class_goal_lesson", "class_goal_card"
GOAL_PRESET, GOAL_PAGE, GOAL_RUN = "class_goal_preset", "class_goal_page", "class_goal_run"
HOLD, NAMES, FULL = "class_hold", "class_names", "class_full"
SOMEBODY = "class_somebody"         # number of the learner who is renamed or let go
SWITCH = "class_switch"             # code of another class to turn to
ENDING = "class_ending"             # one has asked for the class to end, and not yet said so again
LOOK = "look"                       # in the address: "wall" shows nothing else
