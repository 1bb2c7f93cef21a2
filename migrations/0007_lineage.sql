-- Tells a series from one of the same name in another database, or made anew after a loss: entity
-- tags and cursors of the one say nothing about the other.
alter table series add column lineage bigint not null
  default floor(random() * 4503599627370495)::bigint;

-- Finds what came after a version without reading the whole series, at next to no cost for writers.
create index klines_changes on klines
  using brin (symbol_id, change_seq) with (pages_per_range = 32, autosummarize = on);
