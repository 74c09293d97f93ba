// SPDX-License-Identifier: Apache-2.0
import { isIP } from 'node:net';
import { z } from 'zod';
import { Domain } from './domain.ts';

const Route = z.strictObject({
  /** A recipient domain, or `*` for every one that has no route of its own. */
  domain: z.union([z.literal('*'), Domain]),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(25),
});

/** A resolver that validates DNSSEC, and whose word is taken for it. */
const DnsServer = z
  .strictObject({
    address: z.string().refine((address) => isIP(address) !== 0, 'an IP address'),
    /** Default: 53, and 853 over TLS. */
    port: z.int().min(1).max(65_535).optional(),
    /** Over TLS (RFC 7858), and the name that its certificate must carry. */
    tlsName: z.string().min(1).optional(),
    /** PEM file of the authorities to trust for it; without it, the system's. */
    caFile: z.string().min(1).optional(),
  })
  .refine(
    ({ address, tlsName }) => tlsName !== undefined || address.startsWith('127.') || address === '::1',
    'on this machine (127.0.0.1), or with `tlsName`: whoever is on the way could forge what it proves',
  );

/** How the world outside is found, and how its mail servers prove who they are. */
export const OutsideSettings = z.strictObject({
  /** Next hops that stand in place of the MX records of DNS. */
  routes: z.array(Route).default([]),
  /** Resolvers that validate DNSSEC. Without them the system's is asked, and DANE proves nothing. */
  dns: z
    .strictObject({
      servers: z.array(DnsServer).min(1),
      /** For each server. */
      timeoutSeconds: z.number().positive().max(30).default(5),
    })
    .optional(),
  /** PEM file of the authorities that mail servers and policy hosts are trusted by; without it, the system's. */
  caFile: z.string().min(1).optional(),
  mtaSts: z
    .strictObject({
      timeoutSeconds: z.number().positive().max(60).default(10),
      /** Another one only where a test plays the world. */
      port: z.int().min(1).max(65_535).default(443),
    })
    .default({ timeoutSeconds: 10, port: 443 }),
  /** Whether reports of TLS are posted to hosts in private networks, too; only where a test plays the world. */
  privateNetworks: z.boolean().default(false),
});
export type OutsideSettings = z.infer<typeof OutsideSettings>;
