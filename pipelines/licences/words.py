"""Norwegian words for the codes of the licence plan, as its lists and commands show them."""

from __future__ import annotations

INTERNAL = (
    "Internt: listen har nøkler for enkeltpersoners kontoer. Del den bare med dem som skal "
    "gjennomføre tiltakene, og slett den etterpå."
)
ACTIONS = {
    "keep": "Behold",
    "remove": "Fjern",
    "downgrade": "Bytt til billigere",
    "upgrade": "Bytt til dyrere",
    "assign": "Gi",
    "change": "Endre",
    "move": "Flytt ledig plass",
    "terminate": "Si opp plasser",
    "do_not_renew": "Ikke forny plasser",
    "buy": "Kjøp plasser",
    "reuse": "Bruk ledige plasser om igjen",
}
SEAT_ACTIONS = ("terminate", "do_not_renew", "buy", "reuse")
CAUSES = {
    "disabled_over_60": "Deaktivert mer enn 60 dager",
    "disabled": "Deaktivert, inntil 60 dager eller ukjent dag",
    "never_used": "Aldri brukt",
    "inactive": "Ikke brukt i perioden",
    "direct_and_group": "Tildelt både direkte og gjennom gruppe",
    "contained_plan": "Dekkes av et annet produkt på kontoen",
    "several_accounts": "Flere aktive kontoer på samme person",
    "external": "Ekstern bruker",
    "no_employment": "Ingen kjent ansettelse",
    "above_need": "Større produkt enn bruken krever",
    "beyond_standard": "Utenfor standarden",
    "free_addon": "Tillegg uten kostnad",
    "missing_standard": "Mangler standarden",
    "cheaper_set": "Et billigere sett dekker behovet",
    "shelf_ware": "Plasser ingen hadde",
    "reserve": "Reserve til ventede nye",
    "true_up": "Etteroppgjør av plasser utover beholdningen",
}
CONSTRAINTS = {
    "standard": "Standarden som minste nivå",
    "policy": "Kommunens egne krav",
    "unknown_usage": "Ukjent bruk beholdes",
    "floor": "Minste antall i avtalen",
    "reduction_date": "Første dag antallet kan reduseres",
    "true_up": "Etteroppgjør",
    "transferability": "Plasser som ikke kan overføres",
    "reserve": "Reserve til ventede nye",
    "max_changes": "Høyeste antall endringer",
}
STATUSES = {
    "optimal": "bevist billigst",
    "not_proven": "lovlig, men ikke bevist billigst",
    "no_data": "ingen lisenser å planlegge",
}
COMMON_POOL = "felles"
POOLS = {COMMON_POOL: "Hele kommunen", "unknown": "Ukjent enhet"}


def word(words: dict[str, str], code: str | None) -> str:
    """Return the word for a code, the code itself where there is none, empty for null."""
    return "" if code is None else words.get(code, code)
