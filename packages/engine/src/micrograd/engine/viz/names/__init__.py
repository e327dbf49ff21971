"""What the leaves of a graph are called: by their labels, by the caller, or by the models that own them."""
