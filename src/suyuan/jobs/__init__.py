"""Scheduled work: ``loop`` runs it, each other module is one kind of row."""
