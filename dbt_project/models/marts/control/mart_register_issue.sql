with
    issues as (select * from {{ ref("int_register_issues") }}),

    source_files as (select * from {{ ref("stg_inputs__source_files") }})

select
    issues.register,
    issues.source_sha256,
    source_files.file_name,
    issues.source_row,
    issues.column_name,
    issues.value,
    issues.reason
from issues
left join source_files on source_files.source_sha256 = issues.source_sha256
