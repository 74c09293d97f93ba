// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { Authentication, type Address } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import type { Outside } from '@securemail/service';
import type { Logger } from '@securemail/telemetry';
import { LookupFailedError, type RecordType } from '@securemail/tls-policy';
import { authenticate, type AuthenticateResult } from 'mailauth';
import type { Client } from '../domain/trace-fields.ts';
import { endlessLines } from './endless-lines.ts';
import { MOST_SIGNATURES, withFewSignatures } from './few-signatures.ts';

/** What was found out about where a mail came from, and the domains that it is about. */
export interface Authenticated {
  authentication: Authentication;
  spfDomain: string | null;
  dkimDomains: string[];
  dmarcDomain: string | null;
}

export interface AuthenticationSources {
  resolver: Outside['resolver'];
  hostname: string;
  /** Milliseconds, from the last octet of the mail on. */
  timeoutMs: number;
  logger: Logger;
}

/** Looks at a mail as it passes by. */
export interface Authenticating {
  /** The same octets, to be read to their end. */
  body: AsyncIterable<Buffer>;
  /** Nobody will read on, nor ask. */
  leave: () => void;
  /** Once they were; never rejects: what could not be found out is a `temperror`. */
  result: () => Promise<Authenticated>;
}

/** SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489) and ARC (RFC 8617) of a mail that streams by, none of it held but its header; without a client there is no SPF. */
export function authenticating(
  { header, body }: { header: Buffer; body: AsyncIterable<Buffer> },
  { client, mailFrom }: { client: Client | null; mailFrom: Address | null },
  { resolver, hostname, timeoutMs, logger }: AuthenticationSources,
): Authenticating {
  const copy = new PassThrough();
  copy.on('error', () => undefined);
  const found = authenticate(copy, {
    ...(client === null ? {} : { ip: client.address.replace(/^::ffff:/i, ''), helo: client.name }),
    sender: mailFrom ?? '',
    mta: hostname,
    resolver: asNodeResolves(resolver),
    disableBimi: true,
  })
    .then((result) => read(result, client !== null))
    .catch((error: unknown) => {
      logger.warn({ reason: reasonOf(error) }, 'a mail could not be authenticated');
      return NOTHING_KNOWN;
    })
    // Nobody reads on: what is still to come must not wait for that.
    .finally(() => copy.destroy());
  copy.write(withFewSignatures(header));
  return {
    body: (async function* () {
      try {
        const isEndless = endlessLines();
        for await (const chunk of body) {
          // A signature over what is left out here does not hold.
          if (!copy.writableEnded && isEndless(chunk)) copy.end();
          await passOn(chunk, copy);
          yield chunk;
        }
        if (!copy.writableEnded) copy.end();
      } finally {
        // Left early: nobody will ask what was found.
        if (!copy.writableEnded) copy.destroy();
      }
    })(),
    leave: () => copy.destroy(),
    result: () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<Authenticated>((resolve) => {
        timer = setTimeout(() => {
          resolve(NOTHING_KNOWN);
        }, timeoutMs);
      });
      return Promise.race([found, late]).finally(() => {
        clearTimeout(timer);
      });
    },
  };
}

/** Waits for a reader who is behind, and not for one who has left. */
async function passOn(chunk: Buffer, copy: PassThrough): Promise<void> {
  if (copy.destroyed || copy.writableEnded || copy.write(chunk)) return;
  await Promise.race([once(copy, 'drain'), once(copy, 'close')]);
}

const NOTHING_KNOWN: Authenticated = {
  authentication: {
    spf: 'temperror',
    dkim: [],
    dmarc: { result: 'temperror', policy: null },
    arc: 'none',
  },
  spfDomain: null,
  dkimDomains: [],
  dmarcDomain: null,
};

function read({ spf: asked, dkim, dmarc, arc }: AuthenticateResult, isClientKnown: boolean): Authenticated {
  const spf = isClientKnown && asked;
  const signatures = dkim.results.filter(({ status }) => status.result !== 'none').slice(0, MOST_SIGNATURES);
  const policy = dmarc === false ? undefined : dmarc.policy;
  return {
    authentication: Authentication.parse({
      spf: spf === false ? 'none' : spf.status.result,
      dkim: signatures.map(({ status }) => status.result),
      dmarc: {
        result: dmarc === false ? 'none' : dmarc.status.result,
        policy: policy === 'none' || policy === 'quarantine' || policy === 'reject' ? policy : null,
      },
      arc: arc === false ? 'none' : arc.status.result,
    }),
    spfDomain: (spf === false ? null : spf.domain) ?? null,
    dkimDomains: signatures.map(({ signingDomain }) => signingDomain ?? ''),
    dmarcDomain: (dmarc === false ? null : dmarc.domain) ?? null,
  };
}

/** In the form of `dns.promises.resolve`; of a type that is never asked here there are no records. */
const asNodeResolves = (resolver: Outside['resolver']) => async (name: string, type: string) => {
  const asked = ASKED[type];
  if (asked === undefined) throw dnsError('ENODATA');
  const { records, exists } = await resolver.query(name, asked).catch((error: unknown) => {
    throw error instanceof LookupFailedError ? dnsError('ESERVFAIL') : error;
  });
  if (!exists) throw dnsError('ENOTFOUND');
  if (records.length === 0) throw dnsError('ENODATA');
  if (asked === 'TXT') return records.map((text) => [text]);
  if (asked === 'MX')
    return (records as { exchange: string; preference: number }[]).map(({ exchange, preference }) => ({
      exchange,
      priority: preference,
    }));
  return records;
};

const ASKED: Readonly<Record<string, RecordType | undefined>> = {
  A: 'A',
  AAAA: 'AAAA',
  MX: 'MX',
  TXT: 'TXT',
};

const dnsError = (code: string) => Object.assign(new Error(`DNS: ${code}`), { code });
