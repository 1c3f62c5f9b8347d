"""Makes the entry of a bibliography for the packaged document itself, *in* its source."""
