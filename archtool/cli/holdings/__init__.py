"""The commands of the register of holdings, one module each."""
