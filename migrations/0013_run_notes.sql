-- What an operator overrode in a run, such as the refusal of a file that looks like another market.
alter table runs add column note text;
