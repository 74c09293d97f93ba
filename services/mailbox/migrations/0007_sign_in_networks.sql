-- Up Migration

-- A digest of the network that asked, with whose address it was: one network alone uses up nobody's codes.
alter table sign_ins add column network bytea;

-- Down Migration

alter table sign_ins drop column network;
