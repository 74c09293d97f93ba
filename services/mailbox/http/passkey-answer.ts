// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const base64url = z
  .string()
  .max(8_192)
  .regex(/^[A-Za-z0-9_-]+$/);
const credential = {
  id: base64url.max(1_400).describe('Credential id: at most 1023 octets (WebAuthn §4)'),
  rawId: base64url.max(1_400),
  type: z.literal('public-key'),
};
/** They are said by the browser alone, and nothing goes by them. */
const extensions = z.object({}).transform(() => ({}));

/** `AuthenticationResponseJSON` (WebAuthn §5.1.8). */
export const PasskeyAnswer = z.strictObject({
  answer: z.object({
    ...credential,
    response: z.object({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
    }),
    clientExtensionResults: extensions,
  }),
});

/** `RegistrationResponseJSON` (WebAuthn §5.1.8). */
export const NewPasskey = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    // Others come; what a browser does not know it leaves out.
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
  clientExtensionResults: extensions,
});
