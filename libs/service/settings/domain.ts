// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** A host name in lower case, with at least two labels. */
export const Domain = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'a domain in lower case, such as "demo.example"; with letters outside ASCII in its xn-- form, such as "xn--blbr-roah.example"',
  );
