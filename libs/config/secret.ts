// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** The schema of a text that is never printed, whatever its setting is called. */
export const secret = () => z.string().min(1).meta({ secret: true });

const SECRET_NAME = /pass|secret|token|credential|pin$|key$|keys$|url$/i;

/** Whether a setting of this name may hold a secret: then its value is not quoted, also when it is wrong. */
export const soundsSecret = (path: readonly PropertyKey[]): boolean =>
  path.some((part) => typeof part === 'string' && SECRET_NAME.test(part));
