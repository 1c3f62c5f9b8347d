"""Opening bags and packages: to read them, or locked to add files to them."""
