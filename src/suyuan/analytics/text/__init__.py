"""Methods on texts.

``similar``  how alike two masked texts are, by their characters
"""
