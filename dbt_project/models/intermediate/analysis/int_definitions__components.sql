-- Which parts of the ledger and the invoices a definition takes in: its choices as a list.
with
    definitions as (select * from {{ ref("spend_definition") }}),

    components as (select * from {{ ref("spend_component") }})

select
    definitions.definition_id,
    definitions.merges_suppliers,
    definitions.vat_treatment = 'inkl_mva' as with_vat,
    components.component,
    components.component_bit
from definitions
cross join components
where
    case
        components.component
        when 'purchase'
        then true
        when 'purchase_excluded'
        then not definitions.is_addressable_only
        when 'investment'
        then definitions.includes_investments
        when 'investment_excluded'
        then definitions.includes_investments and not definitions.is_addressable_only
        when 'public_body'
        then definitions.includes_public_bodies
        when 'internal'
        then definitions.includes_internal_sellers
        when 'internal_account'
        then definitions.includes_internal_account
        when 'transfers'
        then definitions.includes_transfers
        when 'wages'
        then definitions.includes_wages
    end
