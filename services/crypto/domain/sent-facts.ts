// SPDX-License-Identifier: Apache-2.0
import type {
  Address,
  AddressedRecipient,
  Channel,
  EmailId,
  ProtectionMethod,
  TenantId,
} from '@securemail/contracts';
import {
  plannedEncryptionFacts,
  plannedSignatureFacts,
  type Leg,
  type SignatureCertificateFacts,
} from '@securemail/signature-certificate';
import type { ChosenEncryption } from '@securemail/smime';
import type { FoundSigner } from './directory.ts';
import { METHODS } from './methods/methods.ts';

export interface SentFacts {
  emailId: EmailId;
  tenantId: TenantId;
  organisation: SignatureCertificateFacts['organisation'];
  madeAt: Date;
  /** All whom its `From` names. */
  from: readonly Address[];
  /** Whom the header shows to every reader. */
  disclosed: readonly AddressedRecipient[];
  messageId: string;
  channel: Channel;
  method: ProtectionMethod;
  /** Of an S/MIME message: who signs it, and how it is encrypted. */
  smime: { signer: FoundSigner; choice: ChosenEncryption } | null;
}

/** What the Signature certificate of a mail says that leaves: what is known of its way before it goes. */
export function sentFacts(facts: SentFacts): Omit<SignatureCertificateFacts, 'entity'> {
  const { emailId, tenantId, organisation, madeAt, method, smime } = facts;
  const leg = METHODS.find(({ name }) => name === method)?.leg ?? null;
  return {
    version: 1,
    emailId,
    tenantId,
    organisation,
    direction: leg?.to === 'own-server' ? 'internal' : 'outbound',
    madeAt: madeAt.toISOString(),
    from: [...facts.from],
    to: facts.disclosed.slice(0, 100).map(({ address }) => address),
    messageId: facts.messageId === '' ? null : facts.messageId,
    summary: { kind: 'sent', method },
    legs: [handedIn(facts.channel), ...(leg === null ? [] : [leg])],
    signatures:
      smime === null
        ? []
        : [plannedSignatureFacts(smime.signer.signer, { by: smime.signer.whose, signingTime: madeAt })],
    encryption:
      smime === null
        ? []
        : [
            plannedEncryptionFacts({
              contentEncryption: smime.choice.contentEncryption,
              keyEncryption: [...new Set(smime.choice.recipients.map((each) => each.keyEncryption))].join(
                ', ',
              ),
              certificates: smime.choice.recipients.map(({ certificate }) => certificate),
            }),
          ],
    authentication: null,
    reservations: [],
  };
}

/** SMTP is taken over TLS alone; what ends before a REST API is somebody else's to say. */
const handedIn = (channel: Channel): Leg => ({
  from: 'sender',
  to: 'gateway',
  host: null,
  protection:
    channel === 'rest'
      ? { by: 'unknown' }
      : { by: 'tls', protocol: null, cipher: null, verifiedBy: 'client' },
});
