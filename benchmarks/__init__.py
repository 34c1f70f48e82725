"""Measures of the engine over real text: speed, differences between runs, silent drops. Not shipped in the wheel."""
