// SPDX-License-Identifier: Apache-2.0

/** A place that takes reports. */
export type ReportPlace = { kind: 'https'; url: string } | { kind: 'mailto'; address: string };

/** RFC 8460 §3: the record begins with its version. */
const VERSION = /^v=TLSRPTv1[ \t]*;/;
/** A domain may not have us write to the whole world. */
const MOST = 5;

/**
 * The places that a domain wants its reports at: the TXT records of `_smtp._tls.<domain>` (RFC 8460 §3). Null where
 * there is no record, more than one, or none that can be read. What has another scheme is passed over.
 */
export function reportPlaces(texts: readonly string[]): ReportPlace[] | null {
  const [record, ...others] = texts.filter((text) => VERSION.test(text));
  if (record === undefined || others.length > 0) return null;
  const [rua] = record
    .split(';')
    .map((field) => field.trim())
    .filter((field) => field.startsWith('rua='));
  if (rua === undefined) return null;
  const places = rua
    .slice('rua='.length)
    .split(',')
    .map((uri) => placeOf(uri.trim()))
    .filter((place) => place !== null);
  return places.length === 0 ? null : places.slice(0, MOST);
}

function placeOf(uri: string): ReportPlace | null {
  // "!" and "," must be percent-encoded (RFC 8460 §3): who writes one bare means something else.
  if (uri.includes('!') || !URL.canParse(uri)) return null;
  const url = new URL(uri);
  if (url.protocol === 'https:') {
    return url.username === '' && url.password === '' ? { kind: 'https', url: url.href } : null;
  }
  if (url.protocol !== 'mailto:') return null;
  try {
    return { kind: 'mailto', address: decodeURIComponent(url.pathname) };
  } catch {
    return null;
  }
}
