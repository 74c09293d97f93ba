// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { lookingUp } from '@securemail/smime';
import { parsePolicy } from 'mailauth/lib/mta-sts.js';
import { namesServer } from '../server-name.ts';
import { addressesOf } from '../dns/addresses.ts';
import type { Resolver } from '../dns/resolver.ts';
import { responseTo } from '../https-response.ts';

/** What a domain says of the servers that take its mail (RFC 8461 §3.2). */
export interface StsPolicy {
  mode: 'enforce' | 'testing' | 'none';
  /** Host names; `*.` stands for one label. */
  mx: readonly string[];
  maxAgeSeconds: number;
}

export interface FetchOptions {
  resolver: Resolver;
  /** For all of it, milliseconds. @default 10000 */
  timeoutMs?: number | undefined;
  /** PEM of authorities in place of the system's. */
  ca?: string | undefined;
  /** @default 443, the only one that the RFC knows */
  port?: number | undefined;
}

/**
 * The policy host has proven its name and answers with what is no policy, so that asking again is of no use. `code` as
 * `mailauth` gives it, where it could be read.
 */
export class NoPolicyError extends Error {
  override name = 'NoPolicyError';
  readonly code: string | undefined;
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.code = (cause as { code?: string } | undefined)?.code;
  }
}

/** Of the answers that are no policy those that do not pass: it is elsewhere, or nowhere. */
const isForGood = (status: number): boolean =>
  (status >= 300 && status < 400) || status === 404 || status === 410;

/** RFC 8461 §3.3 suggests this limit. */
const MAX_OCTETS = 64 * 1_024;

/**
 * Fetches the policy of a domain as RFC 8461 §3.3 wants it: HTTPS with the host's name in the certificate, status 200,
 * text/plain, no redirect. Written by hand, as the fetch of `mailauth`, which reads the policy, takes neither other
 * authorities nor a port.
 *
 * @throws NoPolicyError where there is none, or one that breaks a rule; else where it could not be had now.
 */
export async function fetchPolicy(
  domain: string,
  { resolver, timeoutMs = 10_000, ca, port = 443 }: FetchOptions,
): Promise<StsPolicy> {
  const host = `mta-sts.${domain}`;
  const signal = AbortSignal.timeout(timeoutMs);
  const addresses = await addressesOf(host, resolver);
  if (addresses.length === 0) throw new Error('the policy host has no address');
  const response = await responseTo('the policy host', {
    host,
    port,
    path: '/.well-known/mta-sts.txt',
    lookup: lookingUp(addresses),
    checkServerIdentity: (_, { raw }) => namesServer(host, raw),
    signal,
    ...(ca === undefined ? {} : { ca }),
  });
  try {
    return await policyIn(response);
  } finally {
    response.destroy();
  }
}

async function policyIn(response: IncomingMessage): Promise<StsPolicy> {
  const { statusCode = 0, headers } = response;
  if (isForGood(statusCode)) throw new NoPolicyError(`the policy host answered ${statusCode}`);
  if (statusCode !== 200) throw new Error(`the policy host answered ${statusCode}`);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'text/plain') throw new NoPolicyError('the policy is not text/plain');
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > MAX_OCTETS) throw new NoPolicyError('the policy is too long');
    chunks.push(chunk);
  }
  const { mode, mx = [], maxAge } = understood(Buffer.concat(chunks));
  return { mode, mx, maxAgeSeconds: maxAge ?? 0 };
}

function understood(file: Buffer) {
  try {
    return parsePolicy(file, { strict: true });
  } catch (error) {
    throw new NoPolicyError('the policy breaks a rule', error);
  }
}
