with
    rows_in_force as ({{ lake_rows("brreg_entity") }}),

    -- The newest file wins; of files from the same day, the one that says the unit is deleted.
    placed as (
        select
            rows_in_force.*,
            row_number() over (
                partition by rows_in_force.orgnr
                order by
                    source_files.effective_date desc nulls last,
                    rows_in_force.deletion_date desc nulls last,
                    rows_in_force.source_sha256,
                    rows_in_force.source_row
            ) as place
        from rows_in_force
        left join
            {{ ref("stg_inputs__source_files") }} as source_files
            on source_files.source_sha256 = rows_in_force.source_sha256
    )

select
    source_sha256,
    source_row,
    orgnr,
    name,
    organisation_form_code,
    organisation_form,
    industry_code_1,
    industry_1,
    industry_code_2,
    industry_2,
    industry_code_3,
    industry_3,
    sector_code,
    sector,
    business_street,
    business_postal_code,
    business_city,
    business_municipality_number,
    business_country_code,
    business_country,
    postal_street,
    postal_postal_code,
    postal_city,
    postal_municipality_number,
    postal_country_code,
    postal_country,
    parent_orgnr,
    registration_date,
    founding_date,
    has_registered_employees,
    employee_count,
    is_vat_registered,
    is_bankrupt,
    bankruptcy_date,
    is_winding_up,
    winding_up_date,
    is_forced_winding_up,
    forced_winding_up_date,
    forced_winding_up_ground,
    reconstruction_date,
    foreign_insolvency_date,
    closure_date,
    deletion_date,
    is_sub_entity,
    is_private_person
from placed
where place = 1
