"""What the command ``crmkit`` does: one module a command, called from :mod:`crmkit.cli`."""
