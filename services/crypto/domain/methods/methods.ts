// SPDX-License-Identifier: Apache-2.0
import { internal } from './internal.ts';
import { mailbox } from './mailbox.ts';
import type { Method } from './method.ts';
import { smimeDomain } from './smime-domain.ts';
import { smimePersonal } from './smime-personal.ts';
import { tls } from './tls.ts';

/** Every way to protect a mail, strongest first: whoever plans goes along this list, and knows none of them by name. */
export const METHODS: readonly Method[] = [internal, smimePersonal, smimeDomain, tls, mailbox];
