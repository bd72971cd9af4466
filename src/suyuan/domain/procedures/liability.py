"""Node liability 责任认定: shares proposed from evidence, reviewed, objected to by the units, signed."""

from .. import fields, guards, liable, secrecy
from ..procedure import SAME, Procedure, Step
from ..vocabulary import Role, State
from . import _side

OFFICE, LEAD, AUDIT, LEADER = Role.OFFICE, Role.LEAD, Role.AUDIT, Role.LEADER
WRITERS = (OFFICE, LEAD, Role.MARKETING, Role.OPERATIONS, AUDIT)
DECIDERS = (OFFICE, AUDIT, LEADER)
NAMED = (Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.PARTY, Role.AGENT, *DECIDERS)
"""Who can work at a unit that has a share: whose it is, the shares say."""
HANDS = (AUDIT, LEADER)
"""Who decides where the case is kept apart."""

OPEN = (State.DRAFTED, State.SIGNING)
KEPT = (secrecy.not_restricted_peer,)
APART = (secrecy.restricted_hands,)

DRAFTING = (
    Step("propose_shares", (State.DRAFTED,), SAME, WRITERS, KEPT),
    Step(
        "set_share",
        (State.DRAFTED,),
        SAME,
        WRITERS,
        KEPT,
        (
            fields.LIABILITY_NODE,
            fields.UNIT,
            fields.LIABLE_PERSON,
            fields.SHARE,
            fields.EVIDENCE,
            fields.NOTE.optional,
        ),
    ),
    Step("drop_share", (State.DRAFTED,), SAME, WRITERS, KEPT, (fields.SHARE_LINE,)),
    Step(
        "put_forward",
        (State.DRAFTED,),
        State.SIGNING,
        WRITERS,
        (*KEPT, liable.shares_whole),
        (fields.RESPONSIBILITY, fields.SKILL_GAP, fields.ANALYSIS),
        marks=("dispatched_at",),
        tells=(AUDIT, LEADER),
    ),
    Step(
        "void",
        (State.DRAFTED,),
        State.VOID,
        (OFFICE, LEAD, AUDIT),
        KEPT,
        (fields.reason("void"), fields.NOTE),
    ),
)
"""The matrix is drawn from evidence and made good by hand; put forward only when it is whole."""

DECIDING = (
    Step(
        "review_shares",
        (State.SIGNING,),
        SAME,
        DECIDERS,
        (*APART, guards.second_person, liable.not_reviewed),
        (fields.NOTE.optional,),
        marks=("reviewed_at",),
        when_restricted=HANDS,
    ),
    Step(
        "return_shares",
        (State.SIGNING,),
        State.DRAFTED,
        DECIDERS,
        APART,
        (fields.NOTE,),
        tells=(OFFICE,),
        when_restricted=HANDS,
    ),
    Step(
        "object_share",
        (State.SIGNING,),
        SAME,
        NAMED,
        (*APART, liable.of_named_unit),
        (fields.SHARE_LINE, fields.reason("liability_objection"), fields.NOTE, fields.EVIDENCE.optional),
        tells=(OFFICE,),
        when_restricted=HANDS,
    ),
    Step(
        "answer_share",
        (State.SIGNING,),
        SAME,
        DECIDERS,
        (*APART, liable.share_objected),
        (fields.SHARE_LINE, fields.UPHELD, fields.NOTE),
        when_restricted=HANDS,
    ),
    Step(
        "sign_shares",
        (State.SIGNING,),
        State.ARCHIVED,
        DECIDERS,
        (
            *APART,
            liable.shares_reviewed,
            liable.objections_answered,
            guards.second_person,
            liable.of_no_named_unit,
        ),
        (fields.NOTE.optional,),
        marks=("archived_at",),
        tells=(OFFICE,),
        when_restricted=HANDS,
    ),
    Step(
        "begin_round",
        (State.ARCHIVED,),
        State.DRAFTED,
        DECIDERS,
        APART,
        (fields.NOTE,),
        tells=(OFFICE,),
        when_restricted=HANDS,
    ),
)
"""What is signed stands: it changes by a new round alone, which leaves the former one where it is."""

ACCOUNTING = Step(
    "open_accountability",
    (State.ARCHIVED,),
    SAME,
    HANDS,
    APART,
    (fields.SHARE_LINE, fields.NOTE),
)
"""What a signed share of one person leads to."""

PROCEDURE = Procedure(
    "liability", 1, State.DRAFTED, (*DRAFTING, *DECIDING, ACCOUNTING, *_side.beside_child(OPEN))
)
