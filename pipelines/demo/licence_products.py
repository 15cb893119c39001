"""The products that the invented municipality has licences for, with prices, terms and seats.

GUIDs, codes and names of Microsoft's products and service plans are public facts (Microsoft's list
«Product names and service plan identifiers for licensing»), a part of each product's plans; prices,
seats, dates and the other publishers are invented. All money is whole øre per seat and month.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

MICROSOFT = "Microsoft"
CREATIVE, HEALTH_SYSTEM = "KREATIV-SKY", "FAGSYSTEM-HELSE"
ARCHIVE, FREE_SOFTWARE = "ARKIV-KLIENT", "FRITT-KART"

# Service plans: code → GUID and name.
PLANS: dict[str, tuple[str, str]] = {
    "EXCHANGE_S_STANDARD": ("9aaf7827-d63c-4b61-89c3-182f06f82e5c", "Exchange Online (Plan 1)"),
    "EXCHANGE_S_ENTERPRISE": ("efb87545-963c-4e0d-99df-69c6916d9eb0", "Exchange Online (Plan 2)"),
    "EXCHANGE_S_DESKLESS": ("4a82b400-a79f-41a4-b4e2-e94f5787b113", "Exchange Online Kiosk"),
    "EXCHANGE_S_FOUNDATION": ("113feb6c-3fe4-4440-bddc-54d774bf0318", "Exchange Foundation"),
    "SHAREPOINTSTANDARD": ("c7699d2e-19aa-44de-8edf-1736da088ca1", "SharePoint (Plan 1)"),
    "SHAREPOINTENTERPRISE": ("5dbe027f-2339-4123-9542-606e4d348a72", "SharePoint (Plan 2)"),
    "SHAREPOINTDESKLESS": ("902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", "SharePoint Kiosk"),
    "SHAREPOINTWAC": ("e95bec33-7c88-4a70-8e19-b10bd9d0c014", "Office for the Web"),
    "TEAMS1": ("57ff2da0-773e-42df-b2af-ffb7a2317929", "Microsoft Teams"),
    "YAMMER_ENTERPRISE": ("7547a3fe-08ee-4ccb-b430-5077c5041653", "Yammer Enterprise"),
    "MCOSTANDARD": (
        "0feaeb32-d00e-4d66-bd5a-43b5b83db82c",
        "Skype for Business Online (Plan 2)",
    ),
    "OFFICESUBSCRIPTION": (
        "43de0ff5-c92c-492b-9116-175376d08c38",
        "Microsoft 365 Apps for Enterprise",
    ),
    "RMS_S_ENTERPRISE": ("bea4c11e-220a-4e6d-8eb8-8ea15d019f90", "Azure Rights Management"),
    "RMS_S_PREMIUM": (
        "6c57d4b6-3b23-47a5-9bc9-69f17b4947b3",
        "Azure Information Protection Premium P1",
    ),
    "AAD_PREMIUM": ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "Azure Active Directory Premium P1"),
    "AAD_PREMIUM_P2": ("eec0eb4f-6444-4f95-aba0-50c24d67f998", "Azure Active Directory Premium P2"),
    "MFA_PREMIUM": (
        "8a256a2b-b617-496d-b51b-e76466e88db0",
        "Microsoft Azure Multi-Factor Authentication",
    ),
    "INTUNE_A": ("c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "Microsoft Intune"),
    "WIN10_PRO_ENT_SUB": (
        "21b439ba-a0ca-424f-a6cc-52f954a5b111",
        "Windows 10/11 Enterprise (Original)",
    ),
    "WINDEFATP": ("871d91ec-ec1a-452b-a83f-bd76c7d770ef", "Microsoft Defender for Endpoint"),
    "MCOEV": ("4828c8ec-dc2e-4779-b502-87ac9ce28ab7", "Microsoft 365 Phone System"),
    "BI_AZURE_P2": ("70d33638-9c74-4d01-bfd3-562de28bd4ba", "Power BI Pro"),
    "VISIO_CLIENT_SUBSCRIPTION": ("663a804f-1c30-4ff0-9915-9db84f0d1cea", "Visio Desktop App"),
    "VISIOONLINE": ("2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f", "Visio Web App"),
    "PROJECT_CLIENT_SUBSCRIPTION": (
        "fafd7243-e5c1-4a3a-9e40-495efcb1d3c3",
        "Project Online Desktop Client",
    ),
    "PROJECT_ESSENTIALS": ("1259157c-8581-4875-bca7-2ffb18c51bda", "Project Online Essentials"),
    "FLOW_P2_VIRAL": ("50e68c76-46c6-4674-81f9-75456511b170", "Flow Free"),
    "ATP_ENTERPRISE": (
        "f20fedf3-f3c3-43c3-8267-2bfdd51c0939",
        "Microsoft Defender for Office 365 (Plan 1)",
    ),
}

_E1_PLANS = (
    "EXCHANGE_S_STANDARD",
    "SHAREPOINTSTANDARD",
    "SHAREPOINTWAC",
    "TEAMS1",
    "YAMMER_ENTERPRISE",
    "MCOSTANDARD",
)
_E3_PLANS = (
    "EXCHANGE_S_ENTERPRISE",
    "SHAREPOINTENTERPRISE",
    "SHAREPOINTWAC",
    "TEAMS1",
    "YAMMER_ENTERPRISE",
    "MCOSTANDARD",
    "OFFICESUBSCRIPTION",
    "RMS_S_ENTERPRISE",
)
_EMS_PLANS = ("AAD_PREMIUM", "MFA_PREMIUM", "INTUNE_A", "RMS_S_PREMIUM", "RMS_S_ENTERPRISE")
_M365_E3_PLANS = (*_E3_PLANS, *_EMS_PLANS[:4], "WIN10_PRO_ENT_SUB")
_M365_E5_PLANS = (*_M365_E3_PLANS, "AAD_PREMIUM_P2", "WINDEFATP", "MCOEV", "BI_AZURE_P2")


@dataclass(frozen=True)
class Price:
    """A row of the register of terms: from when, price and what managing costs, both in øre."""

    first: date
    ore: int | None
    management_ore: int = 0


@dataclass(frozen=True)
class Product:
    """A product: what the tenant and Microsoft's list say of it, and the terms we have it on.

    `spare` are the seats held beyond those assigned when the last export was made (negative: too
    few); `held` says the seats outright. `is_registered` tells whether the register of holdings has
    it: else the tenant's own number counts. `later` seats are bought 2024-12-01, of those held.
    """

    sku_id: str
    part_number: str
    name: str
    plans: tuple[str, ...] = ()
    publisher: str = MICROSOFT
    prices: tuple[Price, ...] = ()
    list_ore: int | None = None
    spare: int = 0
    held: int | None = None
    later: int = 0
    is_registered: bool = True
    in_tenant: bool = True
    in_list: bool = True
    list_part_number: str | None = None
    consumed_error: int = 0
    suspended: int = 0
    terms: dict[str, object] = field(default_factory=dict)

    @property
    def is_microsoft(self) -> bool:
        """Whether it is in Microsoft's exports and not in the registers of assignments."""
        return self.publisher == MICROSOFT


FIRST = date(2024, 1, 1)
DECEMBER = date(2024, 12, 1)
REDUCTION = date(2025, 4, 1)

E1 = Product(
    "18181a46-0d4e-45cd-891e-60aabd171b4e",
    "STANDARDPACK",
    "Office 365 E1",
    _E1_PLANS,
    prices=(Price(FIRST, 70_00),),
    list_ore=84_00,
    spare=12,
    terms={"true_up_date": date(2025, 7, 1), "reserve": 5},
)
EMS = Product(
    "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
    "EMS",
    "Enterprise Mobility + Security E3",
    _EMS_PLANS,
    prices=(Price(FIRST, 60_00),),
    list_ore=75_00,
    spare=8,
    terms={"reserve": 5},
)
E3 = Product(
    "6fd2c87f-b296-42f0-b197-1e91e994b900",
    "ENTERPRISEPACK",
    "Office 365 E3",
    _E3_PLANS,
    prices=(Price(FIRST, 180_00, 25_00), Price(DECEMBER, 190_00, 25_00)),
    list_ore=220_00,
    spare=4,
    later=10,
    terms={"earliest_reduction_date": REDUCTION},
)
M365_E3 = Product(
    "05e9a617-0261-4cee-bb44-138d3ef5d965",
    "SPE_E3",
    "Microsoft 365 E3",
    _M365_E3_PLANS,
    prices=(Price(FIRST, 330_00, 25_00),),
    spare=2,
    terms={"earliest_reduction_date": REDUCTION},
)
M365_E5 = Product(
    "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
    "SPE_E5",
    "Microsoft 365 E5",
    _M365_E5_PLANS,
    prices=(Price(FIRST, 540_00, 25_00),),
    spare=1,
    terms={"earliest_reduction_date": REDUCTION},
)
F3 = Product(
    "66b55226-6b4f-492c-910c-a3b7a3c9d993",
    "SPE_F1",
    "Microsoft 365 F3",
    ("EXCHANGE_S_DESKLESS", "SHAREPOINTDESKLESS", "SHAREPOINTWAC", "TEAMS1", *_EMS_PLANS[:3]),
    prices=(Price(FIRST, 80_00, 10_00),),
    spare=15,
    suspended=5,
    terms={"earliest_reduction_date": REDUCTION},
)
VISIO = Product(
    "c5928f49-12ba-48f7-ada3-0d743a3601d5",
    "VISIOCLIENT",
    "Visio Online Plan 2",
    ("VISIO_CLIENT_SUBSCRIPTION", "VISIOONLINE"),
    prices=(Price(FIRST, 150_00, 15_00),),
    spare=3,
    is_registered=False,
    consumed_error=1,
)
PROJECT = Product(
    "53818b1b-4a27-454b-8896-0dba576410e6",
    "PROJECTPROFESSIONAL",
    "Project Plan 3",
    ("PROJECT_CLIENT_SUBSCRIPTION",),
    prices=(Price(FIRST, 290_00, 15_00),),
    held=0,
    is_registered=False,
)
POWER_BI = Product(
    "f8a1db68-be16-40ed-86d5-cb42ce701560",
    "POWER_BI_PRO",
    "Power BI Pro",
    ("BI_AZURE_P2", "EXCHANGE_S_FOUNDATION"),
    prices=(Price(FIRST, 95_00, 5_00),),
    spare=-2,
    terms={"true_up_date": date(2025, 3, 1)},
)
FLOW_FREE = Product(
    "f30db892-07e9-47e9-837c-80727f46fd3d",
    "FLOW_FREE",
    "Microsoft Power Automate Free",
    ("FLOW_P2_VIRAL", "EXCHANGE_S_FOUNDATION"),
    prices=(Price(FIRST, 0),),
    held=10_000,
    is_registered=False,
    terms={"is_zero_cost_addon": True},
)
WITHOUT_PRICE = Product(
    "4ef96642-f096-40de-a3e9-d83fb2f90211",
    "ATP_ENTERPRISE",
    "Microsoft Defender for Office 365 (Plan 1)",
    ("ATP_ENTERPRISE",),
    prices=(Price(FIRST, None),),
    spare=0,
    is_registered=False,
)
OTHER_PRODUCT = Product(
    "776df282-9fc0-4862-99e2-70e561b9909e",
    "VISIOONLINE_PLAN1",  # Microsoft's list has this GUID as PROJECTESSENTIALS
    "Project Online Essentials",
    ("PROJECT_ESSENTIALS",),
    held=3,
    is_registered=False,
    list_part_number="PROJECTESSENTIALS",
)
LISTED_ONLY = Product(
    "4b244418-9658-4451-a2b8-b5e2b364e9bd",
    "VISIOONLINE_PLAN1",
    "Visio Online Plan 1",
    ("VISIOONLINE",),
)
UNKNOWN = Product(
    "deadbeef-0000-4000-8000-00000000d001",
    "",
    "",
    held=0,
    is_registered=False,
    in_tenant=False,
    in_list=False,
)
CREATIVE_CLOUD = Product(
    CREATIVE,
    CREATIVE,
    "Kreativ Sky, alle programmer",
    publisher="Fargehuset Programvare",
    prices=(Price(FIRST, 600_00, 20_00),),
    held=20,
    terms={"is_transferable": False, "earliest_reduction_date": date(2025, 6, 1)},
)
HEALTH = Product(
    HEALTH_SYSTEM,
    HEALTH_SYSTEM,
    "Fagsystem Helse",
    publisher="Journalhuset",
    prices=(Price(FIRST, 400_00, 30_00),),
    held=60,
    terms={"commitment_floor": 50, "floor_until": date(2025, 6, 30)},
)
ARCHIVE_CLIENT = Product(
    ARCHIVE,
    ARCHIVE,
    "Arkivklient",
    publisher="Journalhuset",
    prices=(Price(FIRST, 125_00),),
    held=40,
    terms={"earliest_reduction_date": REDUCTION, "acquisition_type": "kjøp"},
)
FREE_MAPS = Product(
    FREE_SOFTWARE,
    FREE_SOFTWARE,
    "Fritt kart (fri programvare)",
    publisher="Frie kart",
    prices=(Price(FIRST, 0),),
    held=100,
    list_ore=0,
    terms={"is_free_software": True},
)

PRODUCTS: tuple[Product, ...] = (
    E1,
    EMS,
    E3,
    M365_E3,
    M365_E5,
    F3,
    VISIO,
    PROJECT,
    POWER_BI,
    FLOW_FREE,
    WITHOUT_PRICE,
    OTHER_PRODUCT,
    UNKNOWN,
    CREATIVE_CLOUD,
    HEALTH,
    ARCHIVE_CLIENT,
    FREE_MAPS,
)
BY_ID: dict[str, Product] = {product.sku_id: product for product in PRODUCTS}
STANDARD: frozenset[str] = frozenset((E1.sku_id, EMS.sku_id))


def price_at(product: Product, day: date) -> Price:
    """Return the terms in force on a day; a product that the register lacks has no price."""
    known = [price for price in product.prices if price.first <= day]
    return known[-1] if known else Price(FIRST, None)
