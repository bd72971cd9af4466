"""The rules. Plain Python and the standard library: no clock is read, no database, no settings.

In reading order:

    vocabulary   the words that are stored: roles, states, outcomes
    errors       every way a rule can say no
    order        what one order says, whatever file it came from
    rulebook     which figures bind us, since when, on whose word
    worktime     when a budget of time runs out
    clock        budget and suspension ledger, replayed for any moment
    clockplan    which clocks a case should carry, given its milestones
    fields       everything a form can ask for
    procedure    where a case may go next, who may send it there
    guards       the conditions a step can ask for
    secrecy      those that keep a case or its caller from others
    procedures   the step tables, and released ones as they were
    damage       what is paid for an appliance that our supply damaged
    reply        is a reply fit to leave the house
    masking      hiding what identifies a person in a text
    reconcile    was everything that came in accepted, handled, answered
    sampling     which closed cases the audit desk looks at
    audit        what is written down, and how tampering shows
"""
