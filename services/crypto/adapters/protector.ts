// SPDX-License-Identifier: Apache-2.0
import type {
  Address,
  AddressedRecipient,
  Channel,
  ContentRef,
  EmailId,
  NewEvent,
  ProtectionMethod,
  TenantId,
} from '@securemail/contracts';
import { domainOf } from '@securemail/contracts';
import { saysSubject } from '@securemail/sensitive-content';
import {
  chooseEncryptions,
  hcpBaseline,
  protectMessage,
  type HeaderConfidentialityPolicy,
  type KnownRecipient,
} from '@securemail/smime';
import { reached } from '@securemail/telemetry';
import type { Vault } from '@securemail/vault';
import { withCertificate } from './attached-certificate.ts';
import type { Certifying, NoCertificate } from './certifying.ts';
import type { Message } from './received-message.ts';
import { tapped } from './tapped.ts';
import type { Directory, FoundSigner, Lookup } from '../domain/directory.ts';
import type { Planned } from '../domain/plan.ts';
import { sentFacts, type SentFacts } from '../domain/sent-facts.ts';
import { choosingOf, type CryptoSettings } from '../settings.ts';

export interface Original {
  emailId: EmailId;
  tenantId: TenantId;
  mailFrom: Address;
  /** In whose name it is signed, and all whom its `From` names: see `authorsOf`. */
  author: Address;
  from: readonly Address[];
  recipients: readonly AddressedRecipient[];
  content: ContentRef;
  /** All whom the header shows, also those whom another message is for. */
  disclosed: readonly AddressedRecipient[];
  messageId: string;
  channel: Channel;
  /** Sensitive content was found in it, perhaps in the subject. */
  sensitive: boolean;
  deadlineAt: string;
}

/** The certificate or key that the plan was made on is not there any more, or another one. */
export class PlanOutdatedError extends Error {
  override name = 'PlanOutdatedError';
}

export interface Means {
  vault: Vault;
  directory: Directory;
  settings: CryptoSettings;
  /** Whose key signs the Signature certificate, and in which language it is, or why there is none. */
  certifying: Certifying | NoCertificate;
  at: Date;
  /** Called all along, so that a large message does not look like standing still. */
  progressed: () => void;
}

type EnvelopeMethod = 'smime-personal' | 'smime-domain';

/** What makes the messages of a method. */
type Maker = (
  planned: Planned,
  original: Original,
  means: Means,
) => Promise<Pick<NewEvent<'EmailProtected'>['data'], 'method' | 'content' | 'signature' | 'encryption'>>;

/** By method. Nothing is made for one that is not here: whom it was planned for is held. */
const MAKERS: Partial<Record<ProtectionMethod, Maker>> = {
  internal: asWritten('internal'),
  'smime-personal': inSmime('smime-personal', (directory, address, at) => directory.person(address, at)),
  'smime-domain': inSmime('smime-domain', (directory, address, at) =>
    directory.organisation(domainOf(address), at),
  ),
  tls: asWritten('tls'),
  mailbox: asWritten('mailbox'),
};

/** Makes a planned message, stores it, and says so. */
export async function protect(
  planned: Planned,
  original: Original,
  means: Means,
): Promise<NewEvent<'EmailProtected'>> {
  const { protectedMessageId, method, recipientIds } = planned;
  const make = MAKERS[method];
  if (make === undefined) throw new PlanOutdatedError(`nothing makes messages of the method ${method}`);
  const made = await make(planned, original, means);
  return {
    name: 'EmailProtected',
    data: { protectedMessageId, recipientIds, deadlineAt: original.deadlineAt, ...made },
    personal: { mailFrom: original.mailFrom, recipients: readersOf(planned, original) },
  };
}

const readersOf = ({ recipientIds }: Planned, { recipients }: Original) =>
  recipients.filter(({ recipientId }) => recipientIds.includes(recipientId));

/** What goes over verified TLS, or is read in SecureMailBox, stays as it is: its way is encrypted, not itself. */
function asWritten(method: Exclude<ProtectionMethod, EnvelopeMethod>): Maker {
  return async (_planned, original, means) => {
    const message = await certified(method, null, original, means);
    const content = message === null ? original.content : await means.vault.put(original, message());
    return { method, content, signature: null, encryption: null };
  };
}

/** Signed in the author's name, and encrypted for the certificates that are found for its readers. */
function inSmime(
  method: EnvelopeMethod,
  find: (directory: Directory, address: Address, at: Date) => Lookup,
): Maker {
  return async (planned, original, means) => {
    const { vault, directory, settings, at } = means;
    const found: FoundSigner | null = directory.signerFor(original.author, at);
    if (found === null) throw new PlanOutdatedError('nobody can sign any more');
    const known = readersOf(planned, original).map(({ address }) => foundIn(find(directory, address, at)));
    const [choice, ...others] = chooseEncryptions(distinct(known), choosingOf(settings));
    if (choice === undefined || others.length > 0) {
      throw new PlanOutdatedError('no one envelope suits all its readers any more');
    }
    const { message, signature, encryption } = await protectMessage(
      {
        open:
          (await certified(method, { signer: found, choice }, original, means)) ?? asItIs(original, means),
      },
      {
        signer: found.signer,
        signingTime: at,
        ...choice,
        // Who was told that it is sent securely is not to have it read on the envelope.
        ...(original.sensitive ? { headerProtection: subjectInside } : {}),
      },
    );
    // A message that is to be secret and isn't must never get this far, whatever went wrong before.
    if (encryption === null) throw new PlanOutdatedError('nothing was encrypted');
    const content = await vault.put(original, message.open());
    reached('crypto:message-stored');
    return { method, content, signature: { ...signature, signer: found.whose }, encryption };
  };
}

/** As `hcpBaseline`; and what is looked into as a subject is hidden as one. */
const subjectInside: HeaderConfidentialityPolicy = (name, value, written) =>
  name !== 'subject' && saysSubject(name) ? null : hcpBaseline(name, value, written);

const asItIs =
  (original: Original, { vault, progressed }: Means): Message =>
  () =>
    tapped(vault.get(original, original.content), progressed);

/** The message with its Signature certificate; null where it is to have none. */
async function certified(
  method: ProtectionMethod,
  smime: Pick<NonNullable<SentFacts['smime']>, 'signer' | 'choice'> | null,
  original: Original,
  means: Means,
): Promise<Message | null> {
  const { certifying, at } = means;
  if (typeof certifying === 'string') return null;
  const { organisation, signer, language } = certifying;
  const facts = sentFacts({ ...original, organisation, madeAt: at, method, smime });
  return await withCertificate(asItIs(original, means), facts, { signer, language });
}

function foundIn(lookup: Lookup): KnownRecipient {
  if (!lookup.ok) throw new PlanOutdatedError('a certificate can not be used any more');
  const { certificate, capabilities } = lookup;
  return { certificate, capabilities };
}

const distinct = (known: readonly KnownRecipient[]): KnownRecipient[] => [
  ...new Map(known.map((each) => [each.certificate.sha256, each])).values(),
];
