// SPDX-License-Identifier: Apache-2.0
import { describeError } from './describe-error.ts';

/** Keys whose values never stand in a log, in lower case without `-` and `_`. */
const FORBIDDEN = new Set([
  ...['subject', 'content', 'body', 'text', 'html', 'raw', 'personal', 'headers', 'attachments'],
  ...['address', 'addresses', 'recipient', 'recipients', 'sender', 'from', 'to', 'cc', 'bcc', 'replyto'],
  ...['mailfrom', 'rcptto', 'envelope', 'email', 'emails', 'displayname', 'username'],
  ...['password', 'passphrase', 'secret', 'token', 'apikey', 'authorization', 'cookie', 'key', 'privatekey'],
]);
const REDACTED = '[redacted]';
const MAX_DEPTH = 6;
/** More is no message, and what takes its square time stays short. Characters. */
const LONGEST = 10_000;
/** What stands before an `@`: a local part (RFC 5321), quoted or not, or the credentials of a URL. */
// eslint-disable-next-line regexp/no-super-linear-move -- Its text has LONGEST characters at most.
const LOCAL_PART = /(?:"(?:[^"\\]|\\.)*"|[^\s<>()[\],;"@/\\]+)@(?=[^\s<>"@])/g;

/** Takes the local part off everything that looks like a mail address, and the credentials out of URLs. */
export const withoutAddresses = (text: string): string =>
  (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text).replace(LOCAL_PART, '***@');

/** A copy of what is to be logged without forbidden keys, addresses, bytes, and messages of errors. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutAddresses(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return withoutAddressesIn(describeError(value), depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[too deep]';
  return withoutAddressesIn(value, depth);
}

function withoutAddressesIn(value: object, depth: number): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      FORBIDDEN.has(key.toLowerCase().replaceAll(/[-_]/g, '')) && each !== null && each !== undefined
        ? REDACTED
        : withoutSecrets(each, depth + 1),
    ]),
  );
}
