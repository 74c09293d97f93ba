// SPDX-License-Identifier: Apache-2.0
import { secret } from '@securemail/config';
import { z } from 'zod';
import { isHttps } from './is-https.ts';
import { label } from './label.ts';

/** An OpenID Connect provider that says who somebody is. */
export const OpenIdConnect = z.strictObject({
  /** As people know it. */
  name: label(60),
  /** Its metadata are at `/.well-known/openid-configuration` under this. */
  issuer: z.url({ protocol: /^https?$/ }).refine(isHttps, 'https (http only for this machine itself)'),
  clientId: z.string().min(1),
  clientSecret: secret(),
  scope: z.string().min(1).default('openid email'),
  /** How somebody has to have signed in there (`acr`): one of these. Default: as the provider likes. */
  acrValues: z.array(z.string().regex(/^\S+$/)).default([]),
});
