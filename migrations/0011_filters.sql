-- The trading rules of each symbol as the exchange's exchangeInfo lists them. json, not jsonb: it keeps
-- the text as it came. Null: the symbol has not been listed by the exchange since this migration.
alter table symbols add column filters json;
