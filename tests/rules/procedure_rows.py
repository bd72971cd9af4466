"""Every procedure, written down by hand: ``WHO`` is the specification.

A row reads: verb, the states it leaves, the state it leads to, the roles that may do it. What is not listed
is refused.
"""

DESK = "agent lead office"
FLOW = "received registered dispatched handling"

INTAKE = f"""
register       | received                        | registered | {DESK}
void           | received registered             | void       | {DESK}
classify       | registered dispatched handling  | same       | lead office
reclassify     | registered dispatched handling  | registered | lead office
dispatch       | registered                      | dispatched | {DESK}
return         | dispatched                      | registered | station
"""
CLOSING = f"""
call_back      | callback | same     | {DESK}
second_handle  | callback | handling | lead office marketing
analyse_responsibility | handling callback | same | lead office marketing operations
archive        | callback | archived | {DESK}
reopen         | archived | handling | lead office
answer_objection | archived | same     | station lead office
"""
BY_AUDIT = "\n".join(row.rpartition("|")[0] + "| audit" for row in CLOSING.strip().splitlines()) + "\n"
RECALLED = f"""
recall         | dispatched | registered | {DESK}
recall         | handling   | dispatched | station
"""
"""Taking back a dispatch and a taking on, as an undo alone."""
SHARED = "station marketing operations"
OWNING = f"lead office {SHARED}"
ITEMS = f"""
add_item         | registered dispatched handling reviewing     | same     | {DESK} {SHARED}
drop_item        | registered dispatched handling reviewing     | same     | {DESK} {SHARED}
judge_item       | reviewing callback                           | same     | marketing operations office
review_amend     | reviewing                                    | callback | marketing operations office
write_report     | handling reviewing callback                  | same     | station
work_out_billing | handling reviewing callback                  | same     | station
work_out_damage  | handling reviewing callback                  | same     | station
check_meter      | handling reviewing callback                  | same     | station
check_voltage    | handling reviewing callback                  | same     | station
check_connection | handling reviewing callback                  | same     | station
analyse_specialty | callback archived                          | same     | marketing operations office
visit_site       | dispatched handling reviewing callback       | same     | office audit {SHARED}
"""
"""What a complaint asks for, item by item, and the sheets of its investigation."""
CHECKED = """
review_pass    | reviewing | callback | marketing operations office
review_return  | reviewing | handling | marketing operations office
"""


def beside(states: str) -> str:
    """Return the rows that are open as long as the case is in one of ``states``."""
    return f"""
urge           | {states} | same   | {DESK}
supervise      | {states} | same   | office leader audit
note           | {states} | same   | {DESK} station marketing operations audit
pause          | {states} | same   | office lead
resume         | {states} | same   | office lead
merge          | {states} | merged | lead office
unmerge        | merged   | before | lead office
"""


def beside_child(states: str) -> str:
    """Return the rows beside the flow of a case that was opened from another."""
    return "\n".join(row for row in beside(states).splitlines() if "merge" not in row)


def unsupervised(states: str) -> str:
    """Return the rows beside the flow of what is itself a supervision."""
    rows = beside_child(states).splitlines()
    return "\n".join(row for row in rows if not row.startswith(("urge", "supervise")))


DISCIPLINE = f"""
accuse           | received registered                       | same | {DESK} audit
accuse           | dispatched handling reviewing callback    | same | audit
restrict         | {FLOW} reviewing callback                 | same | audit
lift_restriction | {FLOW} reviewing callback                 | same | audit
entrust          | {FLOW} reviewing callback                 | same | audit
"""
DESKS = f"""\
hand_over_owner | {FLOW} reviewing callback | same | lead office
"""


def linked(states: str) -> str:
    """Return the rows by which others are brought in on a case that is open in ``states``."""
    registered = states.replace("received ", "")
    asking = f"{DESK} station marketing operations"
    return f"""
relay          | {states}                 | same | {DESK}
relay_answer   | {states} archived merged | same | {DESK} marketing operations party audit
promise        | {registered}             | same | {asking}
keep_promise   | {registered} archived merged | same | {asking}
move_promise   | {registered} archived merged | same | {asking}
ask_support    | {registered}             | same | {asking}
rate_support   | {registered} archived    | same | {asking}
"""


def around(states: str) -> str:
    """Return the rows beside the flow of a case that a contact led to."""
    return beside(states) + linked(states)


UNIT = "station marketing operations"


def counting(states: str) -> str:
    """Return the rows that open something from a case that counts against its unit."""
    return f"""
file_appeal      | archived                                 | same | {UNIT}
ask_claim_review | {states.replace("received ", "")} archived | same | {DESK} {UNIT}
"""


STAFF = "agent lead office station marketing operations audit party leader"
FINALLY = "answer_finally | callback archived | same | station lead office marketing operations\n"
NOTED = f"note | {{states}} | same | {DESK} station marketing operations audit"
WRITERS = "station office lead marketing operations audit"
SIGNERS = f"{WRITERS} leader party agent"
DRAFTERS = "office lead marketing operations audit"
DECIDERS = "office audit leader"
SUPERVISED = "station marketing operations office audit"
HELPERS = "station marketing operations party office audit"
BESIDE = around(f"{FLOW} reviewing callback")
WHO = {
    "complaint": f"""{DISCIPLINE}{INTAKE}{RECALLED}{CLOSING}{CHECKED}{ITEMS}{BESIDE}
accept         | dispatched                    | handling   | station
transfer       | dispatched handling reviewing | dispatched | lead office
contact        | handling                      | handling   | station office
submit_finding | handling                      | reviewing  | station
recall         | reviewing                     | handling   | station
order_rectification | callback archived        | same       | office lead marketing operations
register_improvement | callback archived       | same       | office lead marketing operations
open_liability | callback archived             | same       | office lead marketing operations
propose_veto   | callback archived             | same       | office lead
issue_card     | callback                      | same       | station agent lead office
take_card      | callback archived             | same       | agent lead office
{DESKS}{counting(f"{FLOW} reviewing callback")}{FINALLY}""",
    "report": f"""{DISCIPLINE}{INTAKE}{BY_AUDIT}{around(f"{FLOW} reviewing callback")}
accept         | dispatched                    | handling   | audit
transfer       | dispatched handling reviewing | dispatched | lead office
contact        | handling                      | handling   | audit
submit_finding | handling                      | reviewing  | audit
recall         | dispatched                    | registered | {DESK}
recall         | handling                      | dispatched | audit
recall         | reviewing                     | handling   | audit
review_pass    | reviewing                     | callback   | audit leader
review_return  | reviewing                     | handling   | audit leader
review_amend   | reviewing                     | callback   | audit leader
add_item       | registered dispatched handling reviewing | same | audit
drop_item      | registered dispatched handling reviewing | same | audit
judge_item     | reviewing callback            | same       | audit leader
write_report   | handling reviewing callback   | same       | audit
visit_site     | dispatched handling reviewing callback | same | audit
order_rectification | callback archived        | same       | audit
register_improvement | callback archived       | same       | audit
open_liability | callback archived             | same       | audit
propose_veto   | callback archived             | same       | audit
""",
    "rectification": f"""{beside_child("drafted signing rectifying checking")}
revise         | drafted signing | same       | {WRITERS}
void           | drafted         | void       | office lead audit
circulate      | drafted         | signing    | station office lead audit
sign           | signing         | rectifying | {SIGNERS}
reject         | signing         | drafted    | {SIGNERS}
withdraw       | signing         | same       | {SIGNERS}
delegate       | signing         | same       | {SIGNERS}
pull_back      | signing         | drafted    | office lead audit
carry_out      | rectifying      | checking   | station audit
verify_effect  | checking        | archived   | marketing operations office
""",
    "support": f"""{beside_child("dispatched handling")}
accept          | dispatched          | handling | {HELPERS}
answer_support  | handling            | archived | {HELPERS}
decline_support | dispatched handling | void     | {HELPERS}
recall          | handling            | dispatched | {HELPERS}
""",
    "improvement": f"""{beside_child("registered handling checking")}
plan_improvement  | registered handling | handling | office lead marketing operations audit
void              | registered          | void     | office lead audit
carry_out         | handling            | checking | station marketing operations audit
check_improvement | checking            | archived | marketing operations office audit
""",
    "evaluation": f"""{beside_child("registered handling reviewing rectifying checking")}
accept            | registered          | handling   | operations
recall            | handling            | registered | operations
evaluate          | handling            | reviewing  | operations
pass_evaluation   | reviewing           | rectifying | operations office
return_evaluation | reviewing           | handling   | operations office
add_measure       | rectifying          | same       | operations office
measures_done     | rectifying          | checking   | operations office
evaluate_again    | checking            | handling   | operations office
close_evaluation  | checking            | archived   | operations office
void              | registered handling | void       | operations office
""",
    "warning": f"""{beside_child("registered handling reviewing deciding")}
acknowledge_warning | registered          | handling   | {OWNING}
transfer_warning    | registered handling | registered | {OWNING}
reply_warning       | handling            | same       | lead {SHARED}
record_act          | handling            | same       | {OWNING}
propose_closing     | handling            | reviewing  | {OWNING}
propose_dismissal   | handling            | deciding   | {OWNING}
pass_closing        | reviewing           | archived   | office marketing operations
dismiss_warning     | deciding            | void       | office marketing operations
return_closing      | reviewing deciding  | handling   | office marketing operations
reopen_warning      | archived            | registered | office marketing operations
""",
    "liability": f"""{beside_child("drafted signing")}
propose_shares | drafted  | same     | {DRAFTERS}
set_share      | drafted  | same     | {DRAFTERS}
drop_share     | drafted  | same     | {DRAFTERS}
put_forward    | drafted  | signing  | {DRAFTERS}
void           | drafted  | void     | office lead audit
review_shares  | signing  | same     | {DECIDERS}
return_shares  | signing  | drafted  | {DECIDERS}
object_share   | signing  | same     | station marketing operations party agent {DECIDERS}
answer_share   | signing  | same     | {DECIDERS}
sign_shares    | signing  | archived | {DECIDERS}
begin_round    | archived | drafted  | {DECIDERS}
open_accountability | archived | same | audit leader
""",
    "veto": f"""{beside_child("drafted deciding")}
void        | drafted  | void     | office audit leader
sign_veto   | drafted  | archived | audit leader
appeal_veto | archived | deciding | station marketing operations party agent
keep_veto   | deciding | archived | audit leader
lift_veto   | deciding | void     | audit leader
""",
    "accountability": f"""{beside_child("drafted signing deciding")}
void            | drafted  | void     | audit leader
propose_penalty | drafted  | signing  | audit leader
review_penalty  | signing  | same     | audit leader
return_penalty  | signing  | drafted  | audit leader
appeal_penalty  | signing  | deciding | agent lead office marketing operations station audit party leader
keep_penalty    | deciding | signing  | audit leader
lift_penalty    | deciding | void     | audit leader
put_in_effect   | signing  | archived | audit
""",
    "supervision": f"""{unsupervised("dispatched handling reported")}
acknowledge        | dispatched          | handling | {SUPERVISED}
report_supervision | handling            | reported | {SUPERVISED}
return_supervision | reported            | handling | office leader audit
close_supervision  | reported            | archived | office leader audit
void               | dispatched handling | void     | office leader audit
""",
    "final_answer": f"""
{NOTED.format(states="reviewing signing in_force deciding")}
endorse     | reviewing         | signing  | marketing operations leader
approve     | signing           | in_force | office
turn_down   | reviewing signing | void     | marketing operations leader office
ask_review  | in_force          | deciding | {DESK}
keep_answer | deciding          | in_force | office leader audit
drop_answer | deciding          | void     | office leader audit
end_answer  | in_force          | archived | office lead
""",
    "filing": f"""
{NOTED.format(states="reviewing signing in_force")}
endorse    | reviewing         | signing  | marketing operations leader
approve    | signing           | in_force | office
turn_down  | reviewing signing | void     | marketing operations leader office
end_filing | in_force          | archived | station office marketing operations
find_false | in_force archived | void     | office leader audit
""",
    "opinion": f"""{INTAKE}{RECALLED}{CLOSING}{CHECKED}{around(f"{FLOW} reviewing callback")}
close_in_call  | registered                    | archived   | {DESK}
accept         | dispatched                    | handling   | station
transfer       | dispatched handling reviewing | dispatched | lead office
contact        | handling                      | handling   | station office
answer         | handling                      | reviewing  | station
{DESKS}{counting(f"{FLOW} reviewing callback")}{FINALLY}""",
    "enquiry": f"""{INTAKE}{CLOSING}{around(f"{FLOW} callback")}
close_in_call  | registered          | archived   | {DESK}
accept         | dispatched          | handling   | station marketing operations
transfer       | dispatched handling | dispatched | lead office
answer         | handling            | callback   | station marketing operations
recall         | dispatched          | registered | {DESK}
recall         | handling            | dispatched | station marketing operations
{DESKS.replace("reviewing ", "")}""",
    "repair": f"""{INTAKE}{RECALLED}{CLOSING}{around(f"{FLOW} on_site restored callback")}
accept         | dispatched          | handling   | station
transfer       | dispatched handling | dispatched | lead office
arrive         | handling            | on_site    | station
restore        | on_site             | restored   | station
answer         | restored            | callback   | station
issue_card     | on_site restored callback | same | station agent lead office
take_card      | callback archived   | same       | agent lead office
{DESKS.replace("reviewing", "on_site restored")}{counting(f"{FLOW} on_site restored callback")}""",
    "application": f"""{INTAKE}{RECALLED}{CLOSING}{around(f"{FLOW} on_site callback")}
accept         | dispatched                  | handling   | station
transfer       | dispatched handling on_site | dispatched | lead office
contact        | handling                    | handling   | station office
arrive         | handling                    | on_site    | station
answer         | handling on_site            | callback   | station
work_out_damage | handling on_site           | same       | station
{DESKS.replace("reviewing", "on_site")}{counting(f"{FLOW} on_site callback")}""",
    "appeal": f"""{beside_child("drafted sealing deciding refused final")}
revise_appeal   | drafted          | same     | {UNIT}
submit_appeal   | drafted          | sealing  | {UNIT}
seal            | sealing          | deciding | {UNIT} office leader
return_appeal   | sealing          | drafted  | {UNIT} office leader
uphold_appeal   | deciding         | archived | office audit
refuse_appeal   | deciding         | refused  | office audit
ask_final       | refused          | final    | {UNIT}
close_appeal    | refused          | archived | {UNIT} office lead
uphold_appeal   | final            | archived | audit leader
refuse_appeal   | final            | archived | audit leader
withdraw_appeal | drafted sealing deciding refused final | void | {UNIT} audit
""",
    "claim_review": f"""{beside_child("deciding")}
judge_claim | deciding | archived | office audit marketing operations
void        | deciding | void     | {DESK} {UNIT}
lift_claim  | archived | same     | office audit
""",
    "protection": f"""
log_incident | registered handling | same     | {STAFF}
ask_care     | registered handling | same     | {STAFF}
note         | registered handling | same     | {STAFF}
arrange_care | registered handling | handling | lead party audit
follow_up    | handling            | archived | lead party audit
void         | registered          | void     | {STAFF}
""",
    "precomplaint": f"""{beside_child("registered handling")}
accept       | registered          | handling   | {DESK} station marketing operations
recall       | handling            | registered | {DESK} station marketing operations
contact      | handling            | same       | {DESK} station marketing operations
take_measure | handling            | same       | {DESK} station marketing operations
conclude_precomplaint | handling   | archived   | {DESK} station marketing operations
grade_risk   | registered handling | same       | lead office marketing operations
put_off      | registered handling | same       | {DESK} station marketing operations
void         | registered handling | void       | lead office
""",
    "disconnection": f"""{beside_child("registered reviewing handling disconnected reconnecting restored")}
notify_arrears        | registered          | reviewing    | station marketing
copy_notice           | reviewing handling  | same         | station marketing office
approve_disconnection | reviewing           | handling     | marketing office
return_disconnection  | reviewing           | registered   | marketing office
remind_finally        | handling            | same         | station marketing
withdraw_disconnection | registered reviewing handling | archived | station marketing office
void                  | registered reviewing handling | void | marketing office
disconnect            | handling            | disconnected | station marketing
record_payment        | disconnected        | reconnecting | {DESK} station marketing
reconnect_at_once     | disconnected        | restored     | station marketing office
reconnect             | reconnecting        | restored     | station marketing
close_disconnection   | restored            | archived     | station marketing office
""",
    "imported": f"""
reclassify     | open | registered | lead office
close          | open | archived   | lead office
urge           | open | same       | {DESK}
supervise      | open | same       | office leader audit
note           | open | same       | {DESK} station marketing operations audit
""",
}
