-- Up Migration

-- What the holder of a certificate reads (SMIMECapabilities, RFC 8551 §2.5.2), as he said in the last mail that he signed validly; DER.
alter table certificates add column capabilities bytea;

-- Down Migration

alter table certificates drop column capabilities;
