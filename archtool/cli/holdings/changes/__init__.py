"""The commands that change what the register says about a holding, one module each."""
