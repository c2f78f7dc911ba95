"""Charts of the sequences that are made by a rule: the memory tasks and their grammars."""
