// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { addressesOfHost, lookingUp } from './host-addresses.ts';
import { isPublicAddress } from './public-address.ts';

/** What asks other machines for revocation: a port, to be replaced by a proxy's or a test's. */
export interface RevocationFetcher {
  /** GET without a question, else POST of an OCSP request. Rejects where there is no whole answer with status 200. */
  fetch(address: string, question: Buffer | null): Promise<Buffer>;
}

export interface FetchLimits {
  /** For all of it, name and body included. @default 5000 */
  readonly milliseconds?: number;
  /** Of the body. @default 10 MiB */
  readonly octets?: number;
  /**
   * Addresses stand in certificates of strangers, so only public hosts are asked, lest they reach into our network. True
   * also asks others, for an authority of one's own. @default false
   */
  readonly privateHosts?: boolean;
}

/** node:http itself and not fetch(), as that would resolve the name once more after it was looked at. Follows no redirect. */
export function httpFetcher(limits: FetchLimits = {}): RevocationFetcher {
  const { milliseconds = 5_000, octets = 10 * 1024 * 1024, privateHosts = false } = limits;
  return {
    async fetch(address, question) {
      const url = new URL(address);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('only http and https');
      const signal = AbortSignal.timeout(milliseconds);
      const hosts = await resolved(url.hostname, privateHosts, signal);
      return await ask(url, question, { hosts, signal, octets });
    },
  };
}

/** All of its addresses, as some of a host may not be reached from here. */
async function resolved(hostname: string, privateHosts: boolean, signal: AbortSignal): Promise<string[]> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const all = isIP(bare) === 0 ? await addressesOfHost(bare, signal) : [bare];
  const hosts = all.filter((address) => privateHosts || isPublicAddress(address));
  if (hosts.length === 0) throw new Error('it is not a public host');
  return hosts;
}

interface Asking {
  readonly hosts: string[];
  readonly signal: AbortSignal;
  readonly octets: number;
}

function ask(url: URL, question: Buffer | null, { hosts, signal, octets }: Asking): Promise<Buffer> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const options: https.RequestOptions = {
      method: question === null ? 'GET' : 'POST',
      headers:
        question === null
          ? {}
          : { 'content-type': 'application/ocsp-request', 'content-length': question.length },
      signal,
      agent: false,
      lookup: lookingUp(hosts),
    };
    const sent = request(url, options, (response) => {
      readBody(response, octets).then(resolve, (error: unknown) => {
        sent.destroy();
        reject(error);
      });
    });
    sent.on('error', reject);
    sent.end(question ?? undefined);
  });
}

async function readBody(response: http.IncomingMessage, octets: number): Promise<Buffer> {
  if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode ?? 0}`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > octets) throw new Error('it is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
