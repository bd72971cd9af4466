"""The first-move list: whom to call before they call, a tenth held out, and what the calls do."""
