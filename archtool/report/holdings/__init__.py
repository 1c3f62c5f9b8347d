"""Shows a register of holdings: on a terminal, as a page, mail, tables, and gauges of a monitoring system."""
