"""The rulebook in the browser: found by its words, proposed by one person, approved by another.

home       search over the whole library, what waits, what nobody has confirmed
records    one list per kind, and one record with all its editions
kinds      how the entry of each kind is typed
played     the steps of a playbook, typed and read
written    from the boxes of a form to the entry a file would hold, and back
edit       the form that proposes an entry, and the one that revises it
attached   a file beside an entry: a document, or the source of what is proposed
proposals  what waits for approval: side by side, with what it would do
notice     next year's holidays, pasted or uploaded, as a month grid
retarget   putting running clocks under the edition in force
"""

from . import attached, edit, home, notice, proposals, records, retarget

urls = [*home.urls, *records.urls, *edit.urls, *attached.urls, *proposals.urls, *notice.urls, *retarget.urls]
