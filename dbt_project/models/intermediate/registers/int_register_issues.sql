{# Every check is (register, staging model, heading, column, table that must know it, its key, the
   reason, where {} is the cell). A row that fails is left out by the models that use it. #}
{% set references = [
    (
        "enhetskjennetegn",
        "stg_registers__unit_identifiers",
        "enhet_id",
        "unit_id",
        "dim_unit",
        "unit_id",
        "Enheten {} finnes ikke i enhetsregisteret. Kjennetegnet brukes ikke.",
    ),
    (
        "kategorikoder",
        "stg_registers__category_codes",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Koden brukes ikke.",
    ),
    (
        "leverandørkategorier",
        "stg_registers__supplier_categories",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Raden brukes ikke.",
    ),
    (
        "opsjoner",
        "stg_registers__agreement_options",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Opsjonen brukes ikke.",
    ),
    (
        "avtaleparter",
        "stg_registers__agreement_parties",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Parten telles ikke.",
    ),
    (
        "tjenesteopsjoner",
        "stg_registers__service_options",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Opsjonen brukes ikke.",
    ),
    (
        "tjenesteopsjoner",
        "stg_registers__service_options",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Kjøpet på opsjonen kan ikke vises.",
    ),
    (
        "delkontrakter",
        "stg_registers__agreement_lots",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Delkontrakten brukes ikke.",
    ),
    (
        "delkontrakt_leverandører",
        "stg_registers__lot_suppliers",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Raden brukes ikke.",
    ),
    (
        "delkontrakt_enheter",
        "stg_registers__lot_units",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Raden brukes ikke.",
    ),
    (
        "delkontrakt_enheter",
        "stg_registers__lot_units",
        "enhet_id",
        "unit_id",
        "dim_unit",
        "unit_id",
        "Enheten {} finnes ikke i enhetsregisteret. Raden brukes ikke.",
    ),
    (
        "delkontrakt_kategorier",
        "stg_registers__lot_categories",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Raden brukes ikke.",
    ),
    (
        "delkontrakt_kategorier",
        "stg_registers__lot_categories",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Raden brukes ikke.",
    ),
    (
        "unntak",
        "stg_registers__exemptions",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Unntaket brukes ikke.",
    ),
    (
        "unntak",
        "stg_registers__exemptions",
        "enhet_id",
        "unit_id",
        "dim_unit",
        "unit_id",
        "Enheten {} finnes ikke i enhetsregisteret. Unntaket brukes ikke.",
    ),
    (
        "kontokategorier",
        "stg_registers__account_categories",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Koden brukes ikke.",
    ),
    (
        "tekstregler",
        "stg_registers__text_rules",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Regelen brukes ikke.",
    ),
    (
        "avvik",
        "stg_registers__deviations",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Avviket regnes uten avtale.",
    ),
    (
        "avvik",
        "stg_registers__deviations",
        "enhet_id",
        "unit_id",
        "dim_unit",
        "unit_id",
        "Enheten {} finnes ikke i enhetsregisteret. Avviket regnes uten enhet.",
    ),
    (
        "avvik",
        "stg_registers__deviations",
        "orgnr",
        "orgnr",
        "dim_supplier",
        "orgnr",
        "Leverandøren {} står verken på en faktura, en avtale eller i leverandørregisteret. Se etter nummeret.",
    ),
    (
        "leverandørkontroller",
        "stg_registers__supplier_controls",
        "avtale_id",
        "agreement_id",
        "dim_agreement",
        "agreement_id",
        "Avtalen {} finnes ikke i avtaleregisteret. Kontrollen regnes uten avtale.",
    ),
    (
        "leverandørkontroller",
        "stg_registers__supplier_controls",
        "kategori_id",
        "category_id",
        "dim_category",
        "category_id",
        "Kategorien {} finnes ikke i kategoriregisteret. Kontrollen regnes uten kategori.",
    ),
    (
        "leverandørkontroller",
        "stg_registers__supplier_controls",
        "orgnr",
        "orgnr",
        "dim_supplier",
        "orgnr",
        "Leverandøren {} står verken på en faktura, en avtale eller i leverandørregisteret. Se etter nummeret.",
    ),
    (
        "fullmakter",
        "stg_registers__authority_limits",
        "enhet_id",
        "unit_id",
        "dim_unit",
        "unit_id",
        "Enheten {} finnes ikke i enhetsregisteret. Fullmakten brukes ikke.",
    ),
] %}
{% set lots = [
    ("delkontrakt_leverandører", "stg_registers__lot_suppliers"),
    ("delkontrakt_enheter", "stg_registers__lot_units"),
    ("delkontrakt_kategorier", "stg_registers__lot_categories"),
] %}
{# (register, staging model, heading, day that may not come first, day it follows, reason) #}
{% set orders = [
    (
        "avvik",
        "stg_registers__deviations",
        "lukket_dato",
        "closed_date",
        "reported_date",
        "Avviket er lukket {}, før det ble meldt. Rett den dagen som er feil.",
    ),
    (
        "leverandørkontroller",
        "stg_registers__supplier_controls",
        "oppfølgingsfrist",
        "followup_due_date",
        "control_date",
        "Fristen {} er før dagen kontrollen ble gjort. Rett den dagen som er feil.",
    ),
    (
        "leverandørkontroller",
        "stg_registers__supplier_controls",
        "lukket_dato",
        "closed_date",
        "control_date",
        "Oppfølgingen er avsluttet {}, før kontrollen ble gjort. Rett den dagen som er feil.",
    ),
] %}

with
    agreements as (select * from {{ ref("stg_registers__agreements") }}),

    options as (select * from {{ ref("int_agreement_options__chained") }}),

    registered_options as (select * from {{ ref("stg_registers__agreement_options") }}),

    registered_lots as (select * from {{ ref("stg_registers__agreement_lots") }}),

    units as (select * from {{ ref("stg_registers__units") }}),

    known_units as (select distinct unit_id from {{ ref("dim_unit") }}),

    identifiers as (select * from {{ ref("stg_registers__unit_identifiers") }}),

    placeholders as (select * from {{ ref("int_placeholders__normalised") }}),

    rates as (select * from {{ ref("stg_registers__exchange_rates") }}),

    deviations as (select * from {{ ref("stg_registers__deviations") }}),

    account_categories as (select * from {{ ref("stg_registers__account_categories") }}),

    unknown_references as (
        {% for register, model, heading, column, target, key, reason in references %}
            select
                '{{ register }}' as register,
                register_rows.source_sha256,
                register_rows.source_row,
                '{{ heading }}' as column_name,
                register_rows.{{ column }} as value,
                {{ reason_naming(reason, "register_rows." ~ column) }} as reason
            from {{ ref(model) }} as register_rows
            where
                not exists (
                    select 1
                    from {{ ref(target) }} as known
                    where
                        known.{{ key }} = register_rows.{{ column }}
                        and known.{{ key }} <> 'unknown'
                )
                and register_rows.{{ column }} is not null
                {% if column == "unit_id" %} and register_rows.unit_id <> '*' {% endif %}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    unknown_lots as (
        {% for register, model in lots %}
            select
                '{{ register }}' as register,
                register_rows.source_sha256,
                register_rows.source_row,
                'delkontrakt' as column_name,
                register_rows.lot as value,
                {{
                    reason_naming(
                        "Avtalen har ingen delkontrakt {} i registeret. Raden brukes ikke.",
                        "register_rows.lot",
                    )
                }} as reason
            from {{ ref(model) }} as register_rows
            where
                not exists (
                    select 1
                    from registered_lots
                    where
                        registered_lots.agreement_id = register_rows.agreement_id
                        and registered_lots.lot = register_rows.lot
                )
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    unknown_parents as (
        select
            'enheter' as register,
            units.source_sha256,
            units.source_row,
            'overordnet_enhet_id' as column_name,
            units.parent_unit_id as value,
            case
                when units.parent_unit_id = units.unit_id
                then
                    {{
                        reason_naming(
                            "Enheten {} er oppgitt som overordnet for seg selv. Den brukes uten overordnet enhet.",
                            "units.parent_unit_id",
                        )
                    }}
                else
                    {{
                        reason_naming(
                            "Den overordnede enheten {} finnes ikke i enhetsregisteret. Enheten brukes uten overordnet enhet.",
                            "units.parent_unit_id",
                        )
                    }}
            end as reason
        from units
        left join known_units on known_units.unit_id = units.parent_unit_id
        where
            units.parent_unit_id is not null
            and (known_units.unit_id is null or units.parent_unit_id = units.unit_id)
    ),

    unusable_identifiers as (
        select
            'enhetskjennetegn' as register,
            identifiers.source_sha256,
            identifiers.source_row,
            'verdi' as column_name,
            identifiers.value,
            {{
                reason_naming(
                    "Verdien {} er et ord for at referanse mangler. Kjennetegnet brukes ikke.",
                    "identifiers.value",
                )
            }} as reason
        from identifiers
        left join placeholders on placeholders.text_normalised = upper(trim(identifiers.value))
        where placeholders.text_normalised is not null or {{ is_filler("trim(identifiers.value)") }}
        union all
        select
            'enhetskjennetegn',
            source_sha256,
            source_row,
            'verdi_til',
            value_to,
            {{
                reason_naming(
                    "Et område må ha en siste verdi. Kjennetegnet treffer bare den første verdien, {}.",
                    "value",
                )
            }}
        from identifiers
        where match_type = 'range' and value_to is null
    ),

    backward_periods as (
        select
            'enheter' as register,
            source_sha256,
            source_row,
            'gyldig_til' as column_name,
            cast({{ add_days("valid_to", -1) }} as {{ text_type() }}) as value,
            {{
                reason_naming(
                    "Siste dag, {}, er før første dag. Raden brukes ikke.",
                    "cast(" ~ add_days("valid_to", -1) ~ " as " ~ text_type() ~ ")",
                )
            }} as reason
        from units
        where valid_to <= valid_from
        union all
        select
            'avtaler',
            source_sha256,
            source_row,
            'gyldig_til',
            cast(end_date as {{ text_type() }}),
            {{
                reason_naming(
                    "Siste dag, {}, er før første dag. Avtalen brukes ikke.",
                    "cast(end_date as " ~ text_type() ~ ")",
                )
            }}
        from agreements
        where end_date < valid_from
    ),

    backward_days as (
        {% for register, model, heading, later, earlier, reason in orders %}
            {% set day = "cast(" ~ later ~ " as " ~ text_type() ~ ")" %}
            select
                '{{ register }}' as register,
                source_sha256,
                source_row,
                '{{ heading }}' as column_name,
                {{ day }} as value,
                {{ reason_naming(reason, day) }} as reason
            from {{ ref(model) }}
            where {{ later }} < {{ earlier }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    closed_while_open as (
        select
            'avvik' as register,
            source_sha256,
            source_row,
            'status' as column_name,
            case status when 'open' then 'åpen' else 'under arbeid' end as value,
            {{
                reason_naming(
                    "Avviket har en dag det ble lukket, men statusen er {}. Det regnes som ikke lukket.",
                    "case status when 'open' then 'åpen' else 'under arbeid' end",
                )
            }}
            as reason
        from deviations
        where status <> 'closed' and closed_date is not null
    ),

    suppliers_without_item_number as (
        select
            'kontokategorier' as register,
            source_sha256,
            source_row,
            'orgnr' as column_name,
            orgnr as value,
            {{
                reason_naming(
                    "Leverandør brukes bare for varenumre. Raden gjelder også andre enn {}.",
                    "orgnr",
                )
            }} as reason
        from account_categories
        where code_type <> 'item' and orgnr is not null
    ),

    unusable_options as (
        select
            'opsjoner' as register,
            source_sha256,
            source_row,
            'utløst' as column_name,
            'ja' as value,
            'Opsjonen er oppgitt som utløst («ja»), men en tidligere opsjon er det ikke. Den forlenger ikke avtalen.'
            as reason
        from options
        where is_out_of_order
        union all
        select
            'opsjoner',
            source_sha256,
            source_row,
            'lengde_mnd',
            cast(length_months as {{ text_type() }}),
            {{
                reason_naming(
                    "En opsjon må vare minst én måned, ikke {}. Opsjonen brukes ikke.",
                    "cast(length_months as " ~ text_type() ~ ")",
                )
            }}
        from registered_options
        where length_months <= 0
    ),

    unusable_rates as (
        select
            'valutakurser' as register,
            source_sha256,
            source_row,
            'kurs' as column_name,
            cast(rate as {{ text_type() }}) as value,
            case
                when rate <= 0 or units <= 0
                then
                    {{
                        reason_naming(
                            "Kurs og antall må være større enn null. Kursen {} brukes ikke.",
                            "cast(rate as " ~ text_type() ~ ")",
                        )
                    }}
                else
                    {{
                        reason_naming(
                            "Kursen {} er ti tusen kroner eller mer for én enhet; se etter antallet. Kursen brukes ikke.",
                            "cast(rate as " ~ text_type() ~ ")",
                        )
                    }}
            end as reason
        from rates
        where not {{ is_usable_rate("rate", "units") }}
    ),

    final as (
        select *
        from unknown_references
        union all
        select *
        from unknown_lots
        union all
        select *
        from unknown_parents
        union all
        select *
        from unusable_identifiers
        union all
        select *
        from backward_periods
        union all
        select *
        from backward_days
        union all
        select *
        from closed_while_open
        union all
        select *
        from suppliers_without_item_number
        union all
        select *
        from unusable_options
        union all
        select *
        from unusable_rates
    )

select register, source_sha256, source_row, column_name, value, reason
from final
