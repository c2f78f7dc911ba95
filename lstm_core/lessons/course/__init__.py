"""The lessons, one module each with its ``LESSON``, and in ``en/`` and ``zh/`` the words of each."""
