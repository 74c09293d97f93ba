// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { isHttps } from './is-https.ts';

/** Where pages are: scheme, host and port. @param why it has to be https. */
export const origin = (why: string) =>
  z
    .url({ protocol: /^https?$/ })
    .refine(isHttps, why)
    .refine(
      (url) => /^https?:\/\/[^/?#@]+\/?$/.test(url),
      'scheme, host and port alone, such as https://post.demo.example',
    )
    .transform((url) => new URL(url).origin);
