"""The organisation: its tree of units, its posts, its people, and the roles that count.

In reading order:

- ``tree``       units loaded from a register, confirmed where files named them first
- ``rearrange``  units added, renamed, moved, merged, closed
- ``posts``      what a post gives, and who holds it
- ``grants``     roles given and withdrawn for themselves
- ``asking``     roles that see most, asked for; ``requests`` a second person confirms or declines them
- ``staff``      people entered, moved, ended
- ``beginning``  the first administrator of an empty office
- ``passwords``  first passwords: made, confirmed by a second person, refused
- ``handing``    first passwords for many at once, on one sheet
- ``spoken``     words for codes; ``post_names`` what a post is called
- ``unit_rows``, ``person_rows``  what a row of a file asks for
- ``register_file``  an organisation file taken in, good rows and bad
- ``load``       units and people in the simulated city's layout
"""

from .asking import lapse
from .beginning import first_admin
from .grants import expire, give, withdraw
from .handing import first_passwords, password_again
from .load import load, load_people
from .passwords import confirm_password, first_password, refuse_password
from .posts import close_post, save_post, take_post
from .rearrange import add_unit, change_unit, close_unit, merge_units, move_unit
from .register_file import import_register
from .requests import confirm_role, decline_role
from .staff import begin_and_end, end_person, move_person, save_person, seal_phones
from .tree import confirm, load_units
from .unit_rows import named_alike

__all__ = [
    "add_unit",
    "begin_and_end",
    "change_unit",
    "close_post",
    "close_unit",
    "confirm",
    "confirm_password",
    "confirm_role",
    "decline_role",
    "end_person",
    "expire",
    "first_admin",
    "first_password",
    "first_passwords",
    "give",
    "import_register",
    "lapse",
    "load",
    "load_people",
    "load_units",
    "merge_units",
    "move_person",
    "move_unit",
    "named_alike",
    "password_again",
    "refuse_password",
    "save_person",
    "save_post",
    "seal_phones",
    "take_post",
    "withdraw",
]
