"""Commands about archtool itself: the machine, the configuration, the shell, the manual."""
