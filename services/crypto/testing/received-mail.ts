// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  Address,
  ContentRef,
  domainOf,
  newContentId,
  newEmailId,
  protectedMessageId,
  recipientId,
  TenantId,
  type EmailId,
} from '@securemail/contracts';
import type { Vault } from '@securemail/vault';
import { openFor, type Opening } from '../adapters/opener.ts';
import type { OpeningMeans, Readers, Received } from '../adapters/received.ts';
import type { Directory } from '../domain/directory.ts';
import { NO_TAGS } from '../domain/received/subject-tag.ts';

export interface Circumstances {
  directory: Directory;
  /** Whose keys open it; of everybody in his domain alone where nobody is told. */
  to?: string;
  legacy?: OpeningMeans['legacy'];
  revocation?: OpeningMeans['revocation'];
  certifying?: Readers['certifying'];
  dmarc?: 'pass' | 'fail';
  /** Now, when it is opened. */
  at?: Date;
  /** When it was received. @default now */
  acceptedAt?: Date;
  language?: Readers['language'];
  whenUnopened?: Readers['whenUnopened'];
  channel?: Received['channel'];
}

/** Where the demo organisation certifies what comes in, in English. */
export function certifyingIn(directory: Directory): Circumstances {
  const signer = directory.organisationSigner('demo.example', new Date());
  if (signer === null) throw new Error('nobody certifies');
  const organisation = { name: 'Demo', domain: 'demo.example' };
  return { directory, certifying: { organisation, signer, language: 'en' } };
}

export interface Arrived {
  opening: Opening;
  data: Opening['event']['data'];
  /** As its reader gets it. */
  message: Buffer;
}

type Means = Pick<Vault, 'put' | 'get'>;

/** What `openFor` asks of a vault, in memory: everything else of crypto is as it is in earnest. */
export function memoryVault(): Means & { add: (bytes: Buffer) => ContentRef } {
  const contents = new Map<string, Buffer>();
  const add = (bytes: Buffer) => {
    const ref = ContentRef.parse({
      contentId: newContentId(),
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    contents.set(ref.contentId, bytes);
    return ref;
  };
  return {
    add,
    put: async (_owner, content) => add(await buffer(content)),
    get: (_owner, { contentId }) => Readable.from([contents.get(contentId) ?? Buffer.alloc(0)]),
  };
}

/** Opens a mail for one reader, as crypto does, without a database. */
export async function arrive(message: Buffer | string, circumstances: Circumstances): Promise<Arrived> {
  const vault = memoryVault();
  const content = vault.add(Buffer.from(message));
  const opening = await openIn(vault, content, circumstances);
  const { data } = opening.event;
  return { opening, data, message: await buffer(vault.get({ emailId: EMAIL_ID }, data.content)) };
}

export async function openIn(
  vault: Means,
  content: ContentRef,
  {
    directory,
    to = 'anna@demo.example',
    legacy = [],
    revocation = null,
    certifying = 'not-wanted',
    dmarc = 'pass',
    at = new Date(),
    acceptedAt = at,
    language = 'en',
    whenUnopened = 'explain',
    channel = 'internet',
  }: Circumstances,
): Promise<Opening> {
  const address = Address.parse(to);
  const readers: Readers = {
    protectedMessageId: protectedMessageId(1),
    recipients: [{ recipientId: recipientId(1), address, disclosed: true }],
    unwrappers: directory.unwrappersFor(address, [domainOf(address)]),
    withheld: [],
    language,
    subjectTags: NO_TAGS,
    whenUnopened,
    certifying,
  };
  const received: Received = {
    channel,
    emailId: EMAIL_ID,
    tenantId: TenantId.parse('demo'),
    mailFrom: Address.parse('bo@citizen.example'),
    returnPath: Address.parse('bo@citizen.example'),
    content,
    acceptedAt: acceptedAt.toISOString(),
    deadlineAt: new Date(at.getTime() + 600_000).toISOString(),
    arrival: {
      tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      authentication: { spf: 'pass', dkim: [dmarc], dmarc: { result: dmarc, policy: 'none' }, arc: 'none' },
      thread: 'new',
    },
    names: {
      client: '192.0.2.25',
      clientName: 'mx.citizen.example',
      receivedBy: 'gateway.example',
      spfDomain: 'citizen.example',
      dkimDomains: ['citizen.example'],
      dmarcDomain: 'citizen.example',
    },
  };
  return await openFor(readers, received, {
    vault: vault as Vault,
    directory,
    directoryFor: () => Promise.resolve(directory),
    revocation,
    legacy,
    at,
    progressed: () => undefined,
  });
}

const EMAIL_ID: EmailId = newEmailId();
