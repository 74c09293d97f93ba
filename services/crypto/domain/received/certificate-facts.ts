// SPDX-License-Identifier: Apache-2.0
import type { Channel, DataOf, EmailId, PersonalOf, TenantId } from '@securemail/contracts';
import { addressesOf, type Header } from '@securemail/mime';
import {
  encryptionFacts,
  MOST_AUTHORS,
  signatureFacts,
  type Authentication,
  type CertificateJudgement,
  type Leg,
  type SignatureCertificateFacts,
  type UnopenedFacts,
} from '@securemail/signature-certificate';
import type { EncryptedLayer } from '@securemail/smime';
import type { Judged, JudgedSignature, Standing } from './verdict.ts';

export interface ReceivedFacts {
  channel: Channel;
  emailId: EmailId;
  tenantId: TenantId;
  organisation: SignatureCertificateFacts['organisation'];
  madeAt: Date;
  /** As its reader gets it. */
  header: Header;
  arrival: NonNullable<DataOf<'EmailAccepted'>['arrival']>;
  names: NonNullable<PersonalOf<'EmailAccepted'>['arrival']>;
  judged: Pick<Judged, 'verdict' | 'reservations' | 'signatures'>;
  encryptions: readonly EncryptedLayer[];
  neutralised: boolean;
  /** It brought another Signature certificate, or what is named like one. */
  broughtAnother: boolean;
  /** It was signed, and comes to its reader without that. */
  unsigned: boolean;
  /** A mail is attached to it that is signed or encrypted by itself. */
  attachedProtected: boolean;
  /** Why it was not opened; null where it was. */
  closed: UnopenedFacts | null;
}

/** What the Signature certificate of a mail from outside says. */
export function receivedFacts(facts: ReceivedFacts): Omit<SignatureCertificateFacts, 'entity'> {
  const { emailId, tenantId, organisation, madeAt, header, arrival, names, judged, encryptions } = facts;
  const isWrittenHere = facts.channel === 'mailbox';
  const encrypted = encryptions.length > 0 || wasEncrypted(facts.closed);
  const unencrypted = isWrittenHere ? 'mailbox' : arrival.tls === null ? 'insecure' : 'tls';
  const came = encrypted ? 'smime' : unencrypted;
  const shown = (name: string, most: number) =>
    addressesOf(header, name)
      .map(({ address }) => address.slice(0, 320))
      .slice(0, most);
  return {
    version: 1,
    emailId,
    tenantId,
    organisation,
    direction: 'inbound',
    madeAt: madeAt.toISOString(),
    from: shown('From', MOST_AUTHORS),
    to: [...shown('To', 100), ...shown('Cc', 100)].slice(0, 100),
    messageId: header.get('Message-ID') ?? null,
    summary: { kind: 'received', verdict: judged.verdict, arrival: came },
    legs: isWrittenHere ? WRITTEN_HERE : legsOf(arrival, encrypted),
    signatures: judged.signatures.slice(0, 20).map(ofSignature),
    encryption: encryptions.map(encryptionFacts).slice(0, 8),
    authentication: isWrittenHere ? null : authenticationOf(arrival, names),
    reservations: [
      ...judged.reservations,
      ...(came === 'insecure' ? ['came-insecurely'] : []),
      ...(facts.neutralised ? ['active-content-neutralised'] : []),
      ...(facts.broughtAnother ? ['other-signature-certificate'] : []),
      ...(facts.unsigned ? ['signature-taken-off'] : []),
      ...(facts.attachedProtected ? ['attached-mail-protected'] : []),
    ],
    ...(facts.closed === null ? {} : { unopened: facts.closed }),
  };
}

/** Whether what was not opened was certainly encrypted: whoever says so may say it of anything. */
export const wasEncrypted = (closed: Pick<UnopenedFacts, 'code'> | null): boolean =>
  closed !== null && ENCRYPTED.has(closed.code);

/** Codes of what was not opened and was certainly encrypted. */
const ENCRYPTED: ReadonlySet<string> = new Set([
  'no-recipient',
  'decryption-failed',
  'weak-algorithm',
  'not-neutralised',
  'forwards-outside',
]);

const TO_OWN_SERVER: Leg = {
  from: 'gateway',
  to: 'own-server',
  host: null,
  protection: { by: 'tls', protocol: null, cipher: null, verifiedBy: 'own-servers' },
};

const WRITTEN_HERE: Leg[] = [
  {
    from: 'sender',
    to: 'mailbox',
    host: null,
    protection: { by: 'tls', protocol: 'HTTPS', cipher: null, verifiedBy: 'client' },
  },
  TO_OWN_SERVER,
];

function legsOf({ tls }: ReceivedFacts['arrival'], encrypted: boolean): Leg[] {
  const sealed = { by: 'smime' } as const;
  return [
    { from: 'sender', to: 'sender-server', host: null, protection: encrypted ? sealed : { by: 'unknown' } },
    {
      from: 'sender-server',
      to: 'gateway',
      host: null,
      protection:
        tls !== null
          ? { by: 'tls', protocol: tls.protocol, cipher: tls.cipher, verifiedBy: null }
          : encrypted
            ? sealed
            : { by: 'none' },
    },
    TO_OWN_SERVER,
  ];
}

const ofSignature = ({ signature, signer, standing }: JudgedSignature) =>
  signatureFacts(signature, {
    by: signer ?? 'unknown',
    judgement: judgementOf(standing),
    revocation: revocationOf(standing),
  });

function judgementOf(standing: Standing | null): CertificateJudgement {
  if (standing === null) return 'not-judged';
  if (standing.fault === null) return 'trusted';
  return standing.fault === 'expired-since' ? 'certificate-expired' : standing.fault;
}

const revocationOf = (standing: Standing | null) => standing?.revocation ?? 'not-asked';

const authenticationOf = (
  { authentication }: ReceivedFacts['arrival'],
  { spfDomain, dkimDomains, dmarcDomain }: ReceivedFacts['names'],
): Authentication => ({
  spf: { result: authentication.spf, domain: bounded(spfDomain) },
  dkim: authentication.dkim
    .map((result, index) => ({ result, domain: bounded(dkimDomains[index] ?? null) }))
    .slice(0, 10),
  dmarc: { result: authentication.dmarc.result, domain: bounded(dmarcDomain) },
  arc: { result: authentication.arc, domain: null },
});

const bounded = (domain: string | null) => domain?.slice(0, 255) ?? null;
