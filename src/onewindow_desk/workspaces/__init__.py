"""The screens: one package per role, and what they share. Role packages do not import each other."""
