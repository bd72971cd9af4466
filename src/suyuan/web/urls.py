"""Every address of the console: each page module lists its own."""

from . import first_passwords, keys, oidc, role_requests, sessions, signin, signins, staff
from .appeals import urls as appeal_urls
from .begin import urls as begin_urls
from .blame import urls as blame_urls
from .board import urls as board_urls
from .bounced import urls as bounced_urls
from .bulk import urls as bulk_urls
from .call_files import urls as call_file_urls
from .campaigns import urls as campaign_urls
from .card import urls as card_urls
from .cases import urls as case_urls
from .channels import urls as channel_urls
from .commitments import urls as commitment_urls
from .comparisons import urls as comparison_urls
from .contacts import urls as contact_urls
from .customer import urls as customer_urls
from .customers import urls as customers_urls
from .detectors import urls as detector_urls
from .discipline import urls as discipline_urls
from .disconnections import urls as disconnection_urls
from .duties import urls as duty_urls
from .effects import urls as effect_urls
from .evaluations import urls as evaluation_urls
from .evidence import urls as evidence_urls
from .export import urls as export_urls
from .faults import urls as fault_urls
from .files import urls as file_urls
from .filings import urls as filing_urls
from .final_answers import urls as final_answer_urls
from .first_moves import urls as first_move_urls
from .first_moves_effect import urls as first_moves_effect_urls
from .home import urls as home_urls
from .hot_spots import urls as hot_spot_urls
from .imports import urls as import_urls
from .improvements import urls as improvement_urls
from .inbox import urls as inbox_urls
from .interactions import urls as interaction_urls
from .kept_signals import urls as signal_urls
from .ladder import urls as ladder_urls
from .ledger import urls as ledger_urls
from .ledger_signing import urls as ledger_signing_urls
from .liability import urls as liability_urls
from .missed_calls import urls as missed_call_urls
from .mutes import urls as mute_urls
from .outbox import urls as outbox_urls
from .papers import urls as paper_urls
from .people import urls as people_urls
from .population import urls as population_urls
from .portrait import urls as portrait_urls
from .posts import urls as post_urls
from .precomplaints import urls as precomplaint_urls
from .preferences import urls as preference_urls
from .proof import urls as proof_urls
from .protections import urls as protection_urls
from .publications import urls as publication_urls
from .queue import urls as queue_urls
from .reconcile import urls as reconcile_urls
from .recoveries import urls as recovery_urls
from .relays import urls as relay_urls
from .repair_order import urls as repair_order_urls
from .repeats import urls as repeat_urls
from .reporter import urls as reporter_urls
from .retention import urls as retention_urls
from .returns import urls as return_urls
from .reveal import urls as reveal_urls
from .risk import urls as risk_urls
from .rules import urls as rule_urls
from .samples import urls as sample_urls
from .saved import urls as saved_urls
from .shirking import urls as shirking_urls
from .specialties import urls as specialty_urls
from .supports import urls as support_urls
from .unit_forms import urls as unit_form_urls
from .units import urls as unit_urls
from .vetoes import urls as veto_urls
from .warnings import urls as warning_urls
from .weak_links import urls as weak_link_urls
from .work import urls as work_urls
from .worksheets import urls as worksheet_urls

urlpatterns = [
    *begin_urls,
    *card_urls,
    *reporter_urls,
    *proof_urls,
    *interaction_urls,
    *population_urls,  # before that of one trace, whose number may be any text
    *home_urls,
    *queue_urls,
    *bulk_urls,
    *contact_urls,
    *call_file_urls,
    *missed_call_urls,
    *first_move_urls,
    *first_moves_effect_urls,
    *bounced_urls,
    *customer_urls,
    *customers_urls,
    *reveal_urls,
    *portrait_urls,
    *paper_urls,
    *file_urls,
    *evidence_urls,
    *retention_urls,
    *case_urls,
    *board_urls,
    *weak_link_urls,
    *hot_spot_urls,
    *detector_urls,
    *risk_urls,
    *repair_order_urls,
    *fault_urls,
    *reconcile_urls,
    *discipline_urls,
    *sample_urls,
    *relay_urls,
    *support_urls,
    *improvement_urls,
    *ladder_urls,
    *appeal_urls,
    *protection_urls,
    *return_urls,
    *repeat_urls,
    *commitment_urls,
    *ledger_urls,
    *ledger_signing_urls,
    *blame_urls,
    *veto_urls,
    *liability_urls,
    *campaign_urls,
    *filing_urls,
    *final_answer_urls,
    *evaluation_urls,
    *precomplaint_urls,
    *disconnection_urls,
    *effect_urls,
    *recovery_urls,
    *warning_urls,
    *comparison_urls,
    *signal_urls,
    *mute_urls,
    *shirking_urls,
    *import_urls,
    *inbox_urls,
    *channel_urls,
    *outbox_urls,
    *people_urls,
    *post_urls,
    *duty_urls,
    *specialty_urls,
    *preference_urls,
    *saved_urls,
    *unit_form_urls,
    *unit_urls,
    *rule_urls,
    *worksheet_urls,
    *publication_urls,
    *export_urls,
    *work_urls,
    *signin.urls,
    *oidc.urls,
    *sessions.urls,
    *keys.urls,
    *staff.urls,
    *signins.urls,
    *first_passwords.urls,
    *role_requests.urls,
]
