// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** What a reader of SecureMailBox may have to prove himself by, beside his address. */
export const Proof = z.enum(['second-channel', 'openid-connect']);
export type Proof = z.infer<typeof Proof>;

/** Values of the field `Sensitivity` (RFC 2156 §5.3.4, RFC 4021 §2.1.55). */
export const SENSITIVITIES = ['personal', 'private', 'company-confidential'] as const;

/** What has to be proven before a message can be read, by how sensitive it is; of a message to which several apply, all. */
export const Demands = z.strictObject({
  everyMessage: Proof.optional(),
  /** Of those whose sender says so. */
  sensitivity: z.partialRecord(z.enum(SENSITIVITIES), Proof).default({}),
  /** Of those in which something is found by the rules of `guards.sensitiveContent`, or that can't be looked into. */
  sensitiveContent: Proof.optional(),
});
export type Demands = z.output<typeof Demands>;

/** What is demanded in these settings, and where. */
export const demandsIn = ({ everyMessage, sensitivity, sensitiveContent }: Demands) =>
  [
    { path: ['everyMessage'], proof: everyMessage },
    ...SENSITIVITIES.map((each) => ({ path: ['sensitivity', each], proof: sensitivity[each] })),
    { path: ['sensitiveContent'], proof: sensitiveContent },
  ].flatMap(({ path, proof }) => (proof === undefined ? [] : [{ path, proof }]));
