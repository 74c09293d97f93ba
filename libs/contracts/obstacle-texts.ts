// SPDX-License-Identifier: Apache-2.0
import type { Obstacle } from './events/crypto.ts';

/** Each obstacle in words that a sender understands, as a part of a sentence. */
export const OBSTACLES: Record<Obstacle, string> = {
  'not-an-own-domain': 'the address is outside your organisation',
  'no-certificate': 'no certificate is known',
  'certificate-expired': 'the certificate has expired',
  'certificate-not-yet-valid': 'the certificate is not valid yet',
  'certificate-untrusted': 'the certificate was not issued by anybody your organisation trusts',
  'certificate-unsuitable': 'the certificate is not made for encrypting mail to this address',
  'certificate-revoked': 'the certificate was revoked by who issued it',
  'certificate-conflicting': 'several certificates are known that contradict each other',
  'certificate-lookup-failed': 'the directory that may know a certificate did not answer',
  'no-signing-key': 'there is no key to sign for you or your organisation',
  'domain-not-found': 'the domain of the address does not exist, or takes no mail',
  'tls-not-enforceable': 'nothing tells how the recipient’s mail server would prove who it is',
  'tls-lookup-failed': 'it could not be found out how the recipient’s mail server proves who it is',
  'method-forbidden': 'your organisation does not use it',
  'no-secure-method': 'there is no secure way to reach this recipient yet',
  'content-unreadable': 'the stored message could not be read',
  'protection-failed': 'the message could not be signed or encrypted',
};
