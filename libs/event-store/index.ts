// SPDX-License-Identifier: Apache-2.0
export * from './epoch.ts';
export * from './event-store.ts';
export * from './gap-safe-reader.ts';
export * from './is-unavailable.ts';
export * from './migrate.ts';
export * from './personal-cipher.ts';
export * from './pool.ts';
export * from './whoever-else-appends.ts';
