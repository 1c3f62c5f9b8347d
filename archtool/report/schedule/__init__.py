"""Writes the schedule of the audit in the words of the operating systems: systemd, cron, Windows."""
