"""Sequences made by a rule, whose right answer is known: the memory tasks, their grammars, how they are scored."""
