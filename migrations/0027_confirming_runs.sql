-- Equal candles of less reliable sources name the run that confirmed them, which was counted as idle.
-- The number of confirmed candles was not recorded.
update runs set is_idle = false where is_idle and unchanged > 0;
