"""Tells griffe, which reads the docstrings for the reference, that our section `Example:` is its `Examples:`."""

import re
from typing import Any

import griffe


class OneExample(griffe.Extension):
    """Renames the section, without which its doctest would be set as prose."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Called for each module, class, function and attribute that was read."""
        if obj.docstring is not None:
            obj.docstring.value = re.sub(r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE)
