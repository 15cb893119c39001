"""The named errors that a user can meet: one Norwegian sentence each, and its exit status.

Bad data is not an error but a quarantine row; faults in our own code are ordinary exceptions.
"""

from __future__ import annotations


class SamkjopError(Exception):
    """An error whose text is meant for the user: where, what was expected, found, what to do."""

    exit_status = 1


class SettingsError(SamkjopError):
    """The settings file can't be used."""

    exit_status = 2


class UsageError(SamkjopError):
    """The command was given something that it can't use."""

    exit_status = 2


class HomeError(SamkjopError):
    """The home directory can't be written, or is not what it should be."""


class LockedError(SamkjopError):
    """Another run holds the lock on the home."""


class WorkerError(SamkjopError):
    """A process that reads documents ended before it had answered."""
