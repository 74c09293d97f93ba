// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

/** Every fault of what a caller sent by the path of its field; an unknown field is named by its own path. */
export function faultsOf(error: z.ZodError, unknown: string): { path: string; message: string }[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: unknown }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
}
