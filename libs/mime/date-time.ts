// SPDX-License-Identifier: Apache-2.0

/** A date-time of a header field (RFC 5322 §3.3), in UTC. */
export const dateTimeOf = (at: Date): string => at.toUTCString().replace('GMT', '+0000');
