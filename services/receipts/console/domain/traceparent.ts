// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';

type Traced = Pick<DomainEvent, 'traceparent'>;

/** The trace that an event belongs to (W3C Trace Context §3.2); null: it was not traced. */
export const traceIdOf = ({ traceparent }: Traced): string | null => traceparent?.slice(3, 35) ?? null;

/** The span in which it was appended; null: it was not traced. */
export const spanIdOf = ({ traceparent }: Traced): string | null => traceparent?.slice(36, 52) ?? null;
