-- Up Migration

-- A digest as `network` is, of what one owner of networks has many of: an IPv4 /24, an IPv6 /48.
alter table sign_ins add column wider_network bytea;

-- Down Migration

alter table sign_ins drop column wider_network;
