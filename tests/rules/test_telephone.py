"""What can be a telephone number."""

import pytest

from suyuan.domain.telephone import is_phone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13912345678", True),
        ("+86 139-1234-5678", True),
        ("139****5678", True),
        ("95598", True),
        ("12345", True),
        ("0571-8888 6666转12", True),
        ("13912345678、13812345679", True),
        ("1371234", False),
        ("8613712", False),
        ("1391234567", False),
        ("119", False),
        ("没有", False),
    ],
)
def test_a_mobile_number_is_whole_and_any_other_has_five_digits(text, expected):
    assert is_phone(text) is expected
