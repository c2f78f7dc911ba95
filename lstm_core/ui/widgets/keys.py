"""Keys of the session that every page may read.

A session has one namespace for all pages, widgets included. Each key is therefore owned by one package, in its module
``keys``; the settings of a run are keys by their own names, owned by :mod:`lstm_core.spec`; a widget whose value nobody
looks up has its name where it is shown. A test finds keys that two packages would share without knowing.
"""

RUN = "run"                      # id of the run that is looked at; also in the address
LANG = "lang"                    # language of the words; also in the address
CHOSEN_LANG = "chosen_lang"      # the switch between the languages
SECTION_SHOWN = "section_shown"  # key of the section that this page shows; empty: it has none
VIEW = "view"                    # how the pages look: PROJECTOR, or "" as on a desk; also in the address
CHOSEN_VIEW = "chosen_view"      # the switch between the two
ALL_SETTINGS = "all_settings"    # whether the page Train shows all settings; the browser remembers it
PRESET = "preset"                # name of the preset whose settings were taken over; also in the address
LEFT = "left"                    # of the address: values that a click has changed, as the browser may still send them
LEAVING = "leaving"              # of the address: what the click just made has changed
HELD = "held"                    # controls that a link hides or fixes; also in the address
HELD_REFUSED = "held_refused"    # what of that cannot be used, and on which page it is told
HELD_VALUES = "held_values"      # by key of a setting the value that stays while its control is held
LOCKED = "locked"                # whether a teacher has locked all controls
REFUSAL = "refusal"              # why the last button, or the address, was refused; told once
REFUSED = "refused"              # whether a sentence about a refusal stands on the page
NEW_RATE = "new_rate"            # learning rate just chosen, for the run that is being trained
SETTINGS_PAGE = "settings_page"  # url path of the page whose widgets have the settings
OPENINGS = "openings"            # how often a page has been opened
DRAFT = "draft"                  # the uploaded table, as far as it is understood
TABLE_MADE = "table_made"        # what became of that table: draft, spec, hash, notes
DRAWN = "drawn"                  # whether the page has been drawn to its end
GRID = "digit_grid"              # what the grid for drawing digits sends
GRID_INK = "grid_ink"            # what is drawn on it
GRID_TURN = "grid_turn"          # how often an image was put on it
OPTIONS_DRAWN = "options_drawn"  # of each box with options: the language it was drawn in, and what was chosen
OUTAGE = "outage"                # what stands on top of the page about the database; empty: nothing
