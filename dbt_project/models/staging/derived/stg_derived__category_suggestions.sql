select category_key, category_id, confidence, is_accepted
from {{ source("derived", "category_suggestion") }}
