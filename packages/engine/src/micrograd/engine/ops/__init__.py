"""The table of derivatives: every primitive, declared once, with its forward function and its vjp rules."""
