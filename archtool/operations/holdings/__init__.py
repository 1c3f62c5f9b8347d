"""What is done with the register of holdings: registering, moving, withdrawing packages."""
