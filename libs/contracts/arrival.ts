// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** Results as RFC 8601 §2.7 names them. */
const SPF_RESULTS = ['none', 'neutral', 'pass', 'fail', 'softfail', 'temperror', 'permerror'] as const;
const DKIM_RESULTS = ['none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror'] as const;

/** What was found out about where a mail came from, before anybody read it. Domains stand in {@link ArrivalNames}. */
export const Authentication = z.object({
  /** RFC 7208. */
  spf: z.enum(SPF_RESULTS),
  /** One for each signature that was looked at, in the order of `dkimDomains` (RFC 6376). */
  dkim: z.array(z.enum(DKIM_RESULTS)),
  /** RFC 7489; `policy` is what the domain of From asks for, whatever the result. */
  dmarc: z.object({
    result: z.enum(['none', 'pass', 'fail', 'temperror', 'permerror']),
    policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
  }),
  /** RFC 8617: the chain that forwarders wrote. */
  arc: z.enum(['none', 'pass', 'fail']),
});
export type Authentication = z.infer<typeof Authentication>;

/** How a mail came in from outside. */
export const Arrival = z.object({
  /** Of the connection to us; null: it came in clear. */
  tls: z.object({ protocol: z.string(), cipher: z.string() }).nullable(),
  authentication: Authentication,
  /** Whether it belongs to a thread that is known here, and to one in which a mail was secure. */
  thread: z.enum(['new', 'known', 'secure']),
});
export type Arrival = z.infer<typeof Arrival>;

/** The names that belong to an {@link Arrival}; they may tell who wrote. */
export const ArrivalNames = z.object({
  /** The address that connected. */
  client: z.string(),
  /** What it called itself (EHLO). */
  clientName: z.string(),
  /** Which gateway took it and says all this: the authserv-id of RFC 8601. */
  receivedBy: z.string(),
  spfDomain: z.string().nullable(),
  dkimDomains: z.array(z.string()),
  /** The domain of From that DMARC was asked about. */
  dmarcDomain: z.string().nullable(),
});
export type ArrivalNames = z.infer<typeof ArrivalNames>;
