// SPDX-License-Identifier: Apache-2.0
/** Why a path does not hold. */
export type PathFault =
  | 'expired'
  | 'not-yet-valid'
  | 'signature-wrong'
  /** Made with SHA-1 or MD5, or by an RSA key under 2048 bits. */
  | 'signature-weak'
  | 'signature-unknown'
  | 'names-do-not-chain'
  /** basicConstraints does not say that it may issue certificates, or it has none. */
  | 'not-an-authority'
  | 'key-usage'
  | 'extended-key-usage'
  | 'path-length'
  | 'critical-extension-unknown'
  | 'name-not-permitted'
  | 'policy'
  | 'malformed';

/** What an administrator is told; it names no person. */
export const PATH_FAULTS: Readonly<Record<PathFault, string>> = {
  expired: 'a certificate of the path has expired',
  'not-yet-valid': 'a certificate of the path is not valid yet',
  'signature-wrong': 'a signature of the path is wrong',
  'signature-weak': 'a signature of the path is too weak',
  'signature-unknown': 'a signature of the path is of a kind not known here',
  'names-do-not-chain': 'a certificate of the path was issued by somebody else',
  'not-an-authority': 'somebody who is no authority issued a certificate of the path',
  'key-usage': 'an authority of the path may not issue certificates',
  'extended-key-usage': 'a certificate of the path is for another purpose',
  'path-length': 'an authority of the path allows fewer authorities below it',
  'critical-extension-unknown': 'a certificate of the path has a critical extension that is not known here',
  'name-not-permitted': 'an authority of the path may not give certificates to this name',
  policy: 'the path holds under none of the policies asked for',
  malformed: 'a certificate of the path has an extension that cannot be read',
};
