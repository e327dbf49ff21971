"""The functions of neural nets: layers, losses and their stable forms."""
