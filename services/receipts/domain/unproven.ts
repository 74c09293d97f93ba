// SPDX-License-Identifier: Apache-2.0

/**
 * Words of delivery (`Deferred`: `failure`) for what is refused from here: the other side would take the mail, and does not
 * get it.
 */
export const OURS = [
  'tls-not-verified',
  'tls-not-offered',
  'tls-failed',
  'tls-not-enforceable',
  'tls-lookup-failed',
  'authorities-unreadable',
  'route-unknown',
] as const;
export type Ours = (typeof OURS)[number];

export const isOurs = (failure: string | null): failure is Ours =>
  (OURS as readonly (string | null)[]).includes(failure);

/** Whether it is a person who has to do something; what could not be looked up is known again without one. */
export const isUnproven = (failure: string | null): boolean =>
  isOurs(failure) && failure !== 'tls-lookup-failed';
