"""The commands, one file each. Thin: what is heavy is imported when a command is carried out."""
