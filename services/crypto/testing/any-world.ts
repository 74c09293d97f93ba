// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';

/** What a lookup finds, or that it fails. Each is a word that the test's own judgement understands. */
export interface DomainWorld {
  mx: 'signed' | 'unsigned' | 'failing' | 'missing' | 'null';
  tlsa: 'usable' | 'unusable' | 'unsigned' | 'none' | 'failing';
  sts: 'enforced' | 'for-the-relay' | 'for-others' | 'tried-out' | 'none' | 'unfetched' | 'failing';
  /** Administrators agreed with it on TLS. */
  pinned: boolean;
}

export type Forbidden = readonly ('smime-personal' | 'smime-domain' | 'tls' | 'mailbox')[] | null;

/** What DNS and policy hosts say. */
export interface AnyOutside {
  domains: Record<(typeof OUTSIDE)[number], DomainWorld>;
  /** What other servers in the way say of themselves: of a route for PARTNER alone, of a relay for all. */
  route: DomainWorld['tlsa'] | 'no-route';
  relay: DomainWorld['tlsa'] | 'no-route';
  /** Whether the resolver proves anything. */
  validating: boolean;
  /** What the domain publishes of Kim's certificates: that of LDAP which nobody here trusts, another one, … */
  smimea: 'untrusted-one' | 'another' | 'unsigned' | 'nothing' | 'failing';
}

/** A mail, and what is known and set here. */
export interface AnyInside {
  recipients: { address: string; disclosed: boolean; wroteInMailbox: boolean }[];
  sender: string;
  /** Keys that sign: of the sender and of the organisation, or none at all. */
  keys: boolean;
  /** The database, asked for Kim. */
  stored: 'valid' | 'revoked' | 'nothing' | 'failing';
  /** A directory, asked for Kim. */
  ldap: 'valid' | 'untrusted' | 'nothing' | 'failing' | 'broken' | 'not-there';
  /** Whether the organisation has SecureMailBox. */
  mailbox: boolean;
  /** What is forbidden in the file, and by administrators for all, the sender's domain, the sender. */
  forbidden: { file: Forbidden; tenant: Forbidden; domain: Forbidden; person: Forbidden };
}

export type AnyWorld = AnyOutside & AnyInside;

export const OWN = 'demo.example';
/** May have a route or an agreement of its own. */
export const PARTNER = 'partner.example';
export const OUTSIDE = ['citizen.example', 'hospital.example', PARTNER] as const;
export const ROUTE = 'gate.partner.example';
export const RELAY = 'relay.hosting.example';

/** Bo's certificate is sound, Eve's is over, Sam's by nobody we trust; Kim's is known to the database, LDAP and DNS. */
export const PEOPLE = [
  'ulla@demo.example',
  'ulla@sub.demo.example',
  'bo@citizen.example',
  'Bo@Citizen.example',
  'eve@citizen.example',
  'sam@citizen.example',
  'kim@citizen.example',
  'desk@hospital.example',
  'somebody@partner.example',
];

const domain = fc.record<DomainWorld>({
  mx: fc.constantFrom('signed', 'signed', 'unsigned', 'failing', 'missing', 'null'),
  tlsa: fc.constantFrom('usable', 'usable', 'unusable', 'unsigned', 'none', 'failing'),
  sts: fc.constantFrom(
    'enforced',
    'for-the-relay',
    'for-others',
    'tried-out',
    'none',
    'none',
    'unfetched',
    'failing',
  ),
  pinned: fc.constantFrom(true, false, false, false),
});
const server = fc.constantFrom('no-route', 'no-route', 'no-route', 'usable', 'usable', 'none', 'failing');
const forbidden = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  fc
    .subarray(['smime-personal', 'smime-domain', 'tls', 'mailbox'] as const)
    .filter((methods) => methods.length < 4),
);

export const anyOutside = fc.record<AnyOutside>({
  domains: fc.record({ 'citizen.example': domain, 'hospital.example': domain, [PARTNER]: domain }),
  route: server,
  relay: server,
  validating: fc.constantFrom(true, true, true, false),
  smimea: fc.constantFrom('untrusted-one', 'another', 'unsigned', 'nothing', 'failing'),
});

const anySettings = fc.record<AnyInside>({
  recipients: fc.array(
    fc.record({
      address: fc.constantFrom(...PEOPLE),
      disclosed: fc.boolean(),
      wroteInMailbox: fc.constantFrom(true, false, false, false),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  sender: fc.constantFrom('anna@demo.example', 'Anna@demo.example', 'carl@demo.example'),
  keys: fc.constantFrom(true, true, true, false),
  stored: fc.constantFrom('valid', 'revoked', 'nothing', 'nothing', 'nothing', 'failing'),
  ldap: fc.constantFrom('valid', 'untrusted', 'nothing', 'failing', 'broken', 'not-there'),
  mailbox: fc.boolean(),
  forbidden: fc.record({ file: forbidden, tenant: forbidden, domain: forbidden, person: forbidden }),
});
/** The file of an organisation without SecureMailBox can't forbid all the others; what administrators set might. */
export const anyInside = anySettings.filter(
  ({ mailbox, forbidden: { file } }) =>
    mailbox || file === null || file.filter((method) => method !== 'mailbox').length < 3,
);

/** What is forbidden to the sender: the nearest to him counts, and of what is not set the next. */
export const forbiddenIn = ({ forbidden: { file, tenant, domain, person } }: AnyWorld): readonly string[] =>
  person ?? domain ?? tenant ?? file ?? [];
