"""Which code a label of a file stands for, whatever of its names the label is."""

from collections.abc import Mapping

from .records import BusinessType, Category, Choice


def labelled(
    categories: Mapping[str, Category],
    business_types: Mapping[str, BusinessType],
    choices: Mapping[str, Mapping[str, Choice]],
) -> Mapping[tuple[str, str], str]:
    """Return the code of every label, by the list it stands in and the label itself."""
    lists: list[tuple[str, Category | BusinessType | Choice]] = [
        *(("category", one) for one in reversed(list(categories.values()))),
        *(("business_type", k) for k in business_types.values() if not k.is_opened_by_a_verb),
        *((name, one) for name, values in choices.items() for one in values.values()),
    ]
    return {
        (name, label): one.code
        for name, one in lists
        for label in (one.title.en, one.title.zh, *one.synonyms, one.code)
    }
