"""Who may do what on a restricted case: the specification of every procedure that keeps cases apart."""

from procedure_rows import DESK, FLOW, SIGNERS

CHILD = """
urge pause resume note | {states} | audit
supervise              | {states} | audit leader
"""
CUT_OFF = "registered reviewing handling disconnected reconnecting restored"
BY_THE_DESK = f"""
register            | received             | {DESK} audit
void                | received registered  | {DESK} audit
dispatch            | registered           | {DESK} audit
classify reclassify | registered           | lead office audit
classify reclassify | dispatched handling  | audit
accuse              | received registered  | {DESK} audit
accuse              | dispatched handling reviewing callback | audit
lift_restriction entrust | {FLOW} reviewing callback         | audit
recall              | dispatched handling reviewing          | audit
return              | dispatched                             | audit
transfer            | dispatched handling reviewing          | audit
accept              | dispatched                             | audit
contact submit_finding | handling                            | audit
write_report        | handling reviewing callback            | audit
visit_site          | dispatched handling reviewing callback | audit
add_item drop_item  | registered dispatched handling reviewing | audit
judge_item          | reviewing callback                     | audit leader
review_pass review_amend review_return | reviewing           | audit leader
call_back second_handle | callback                           | audit
analyse_responsibility | handling callback                   | audit
archive             | callback                               | audit
reopen answer_objection | archived                           | audit
order_rectification register_improvement open_liability propose_veto | callback archived | audit
urge note pause resume merge relay | {FLOW} reviewing callback | audit
unmerge             | merged                                 | audit
supervise           | {FLOW} reviewing callback              | audit leader
relay_answer        | {FLOW} reviewing callback archived merged | audit
promise             | registered dispatched handling reviewing callback          | audit
keep_promise move_promise | registered dispatched handling reviewing callback archived merged | audit
ask_support         | registered dispatched handling reviewing callback          | audit
rate_support        | registered dispatched handling reviewing callback archived | audit
"""
"""Whoever took the contact in sends it on; from then on audit does all the work, and leaders review."""
RESTRICTED = {
    "complaint": f"""{BY_THE_DESK}
work_out_billing work_out_damage | handling reviewing callback | audit
check_meter check_voltage check_connection | handling reviewing callback | audit
take_card           | callback archived                      | audit
analyse_specialty   | callback archived                      | audit
hand_over_owner     | {FLOW} reviewing callback              | audit
answer_finally      | callback archived                      | audit
""",
    "report": BY_THE_DESK,
    "rectification": f"""{CHILD.format(states="drafted signing rectifying checking")}
revise              | drafted signing | audit
void circulate      | drafted         | audit
pull_back           | signing         | audit
carry_out           | rectifying      | audit
verify_effect       | checking        | audit
sign reject withdraw delegate | signing | {SIGNERS}
""",
    "support": f"""{CHILD.format(states="dispatched handling")}
accept decline_support        | dispatched | audit
answer_support decline_support recall | handling   | audit
""",
    "improvement": f"""{CHILD.format(states="registered handling checking")}
plan_improvement    | registered handling | audit
void                | registered          | audit
carry_out           | handling            | audit
check_improvement   | checking            | audit
""",
    "evaluation": f"""{CHILD.format(states="registered handling reviewing rectifying checking")}
accept void                       | registered | audit
evaluate recall void              | handling   | audit
pass_evaluation return_evaluation | reviewing  | audit
add_measure measures_done         | rectifying | audit
evaluate_again close_evaluation   | checking   | audit
""",
    "warning": f"""{CHILD.format(states="registered handling reviewing deciding")}
acknowledge_warning                | registered          | audit
transfer_warning                   | registered handling | audit
reply_warning record_act propose_closing propose_dismissal | handling  | audit
pass_closing return_closing        | reviewing           | audit leader
dismiss_warning return_closing     | deciding            | audit leader
reopen_warning                     | archived            | audit leader
""",
    "liability": f"""{CHILD.format(states="drafted signing")}
propose_shares set_share drop_share put_forward void | drafted | audit
review_shares return_shares object_share answer_share sign_shares | signing | audit leader
begin_round open_accountability | archived | audit leader
""",
    "veto": f"""{CHILD.format(states="drafted deciding")}
void sign_veto | drafted | audit leader
appeal_veto | archived | audit leader
keep_veto lift_veto | deciding | audit leader
""",
    "accountability": f"""{CHILD.format(states="drafted signing deciding")}
void propose_penalty | drafted | audit leader
review_penalty return_penalty | signing | audit leader
appeal_penalty | signing | agent lead office marketing operations station audit party leader
keep_penalty lift_penalty | deciding | audit leader
put_in_effect | signing | audit
""",
    "supervision": """
pause resume note   | dispatched handling reported | audit
acknowledge         | dispatched          | audit
report_supervision  | handling            | audit
return_supervision close_supervision | reported | audit leader
void                | dispatched handling | audit leader
""",
    "disconnection": f"""{CHILD.format(states=CUT_OFF)}
notify_arrears | registered | audit
copy_notice approve_disconnection return_disconnection | reviewing | audit
copy_notice remind_finally disconnect | handling | audit
withdraw_disconnection void | registered reviewing handling | audit
record_payment reconnect_at_once | disconnected | audit
reconnect | reconnecting | audit
close_disconnection | restored | audit
""",
    "precomplaint": f"""{CHILD.format(states="registered handling")}
accept grade_risk put_off void | registered | audit
contact take_measure conclude_precomplaint recall grade_risk put_off void | handling | audit
""",
    "appeal": f"""{CHILD.format(states="drafted sealing deciding refused final")}
uphold_appeal refuse_appeal | deciding final | audit
withdraw_appeal             | drafted sealing deciding refused final | audit
""",
    "claim_review": f"""{CHILD.format(states="deciding")}
judge_claim | deciding | audit
lift_claim  | archived | audit
""",
    "final_answer": """
note       | reviewing signing in_force deciding | audit
endorse    | reviewing                  | audit leader
approve    | signing                    | audit leader
turn_down  | reviewing signing          | audit leader
ask_review end_answer | in_force        | audit leader
keep_answer drop_answer | deciding      | audit leader
""",
    "filing": """
note       | reviewing signing in_force | audit
endorse    | reviewing                  | audit leader
approve    | signing                    | audit leader
turn_down  | reviewing signing          | audit leader
end_filing | in_force                   | audit leader
find_false | in_force archived          | audit leader
""",
}
"""Who may do what on a restricted case, as docs/discipline.md and its neighbours say: verbs, states, roles.

What is not listed is refused to everybody: no card is given, what is restricted is not restricted again. Who
signs, the sheet says. Reach comes on top: who took a contact in sees it alone, until it is sent on.
"""
