"""The register of holdings under load: large registers, the works that use them, and a killed audit."""
