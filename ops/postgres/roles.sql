-- Roles of wick's database, for psql with the variables password and read_password (may be empty).
-- wick owns its database and nothing else; wick_read may only read, and logs in once it has a
-- password.
create role wick login password :'password'
  nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 40;
create role wick_read login
  nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 20;
select format('alter role wick_read password %L', :'read_password')
  where :'read_password' <> '' \gexec
alter role wick_read set default_transaction_read_only = on;
create database wick owner wick;
revoke all on database wick from public;
grant connect on database wick to wick_read;
\connect wick
alter schema public owner to wick;
revoke all on schema public from public;
grant usage on schema public to wick_read;
alter default privileges for role wick in schema public grant select on tables to wick_read;
