// SPDX-License-Identifier: Apache-2.0
import { request as overHttp, type RequestOptions } from 'node:http';
import { request as overHttps } from 'node:https';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { addressesOfHost, isPublicAddress, lookingUp } from '@securemail/smime';

export interface TargetRules {
  allowHttp: boolean;
  /** Whether an address that is not public may be connected to all the same. */
  allowed: (address: string) => boolean;
  /** PEM of authorities in place of the system's. */
  ca: string | undefined;
  timeoutMs: number;
}

/** What came of a try: the status of the answer, or a word for why there is none. */
export type Posted = { status: number; failure: null } | { status: null; failure: string };

/** Networks in CIDR notation, or single addresses. */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Why nothing is ever posted to a URL; null where it may be, as far as that is known without asking DNS. */
export function refusalOf(text: string, { allowHttp, allowed }: TargetRules): string | null {
  const url = URL.parse(text);
  if (url === null) return 'is not a URL';
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:'))
    return 'is not a URL that begins with https://';
  if (url.username !== '' || url.password !== '') return 'has a user name or a password in it';
  if (url.hash !== '') return 'has a fragment, which is never sent';
  const host = hostOf(url);
  return isIP(host) !== 0 && !isPublicAddress(host) && !allowed(host)
    ? 'is in a private network, which this gateway does not allow'
    : null;
}

/**
 * Posts to a place that a customer named. The addresses that are connected to are those that were judged, whatever DNS says
 * next; no redirect is followed, and of the answer nothing but its status is read.
 */
export async function post(
  text: string,
  body: Buffer,
  headers: Record<string, string>,
  rules: TargetRules,
  closing: AbortSignal,
): Promise<Posted> {
  const refused = refusalOf(text, rules);
  if (refused !== null) return failed('refused-url');
  const url = new URL(text);
  const host = hostOf(url);
  const signal = AbortSignal.any([closing, AbortSignal.timeout(rules.timeoutMs)]);
  const found = isIP(host) === 0 ? await addressesOfHost(host, signal).catch(() => null) : [host];
  if (found === null) return failed(signal.aborted ? 'timeout' : 'host-not-found');
  const addresses = found.filter((each) => isPublicAddress(each) || rules.allowed(each));
  const [first] = addresses;
  if (first === undefined) return failed('private-address');
  return exchange(
    url,
    {
      host: isIP(host) === 0 ? host : first,
      lookup: lookingUp(addresses),
      port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, 'content-length': body.length },
      signal,
      agent: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(rules.ca === undefined ? {} : { ca: rules.ca }),
    },
    body,
  );
}

const exchange = (url: URL, options: RequestOptions, body: Buffer): Promise<Posted> =>
  new Promise((resolve) => {
    const request = url.protocol === 'https:' ? overHttps(options) : overHttp(options);
    request
      .once('response', (response) => {
        response.on('error', () => undefined).destroy();
        resolve({ status: response.statusCode ?? 0, failure: null });
      })
      .on('error', (error: Error & { code?: string }) => {
        resolve(failed(wordFor(error, options.signal?.aborted === true)));
      })
      // After 101 (Switching Protocols) there is neither a response nor an error.
      .once('close', () => {
        resolve(failed('connection-ended'));
      })
      .end(body);
  });

/** A few words, and nothing of what the other side said. */
function wordFor({ code = '' }: { code?: string }, aborted: boolean): string {
  if (aborted) return 'timeout';
  if (code === 'ECONNREFUSED') return 'connection-refused';
  if (/CERT|TLS|SSL|SELF_SIGNED|VERIFY/.test(code)) return 'tls-not-verified';
  return 'connection-failed';
}

const failed = (failure: string): Posted => ({ status: null, failure });

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
