"""Opens bags and packages for reading, and adds tag files to them."""
