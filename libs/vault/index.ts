// SPDX-License-Identifier: Apache-2.0
export * from './file-key-encryption-key.ts';
export * from './key-encryption-key.ts';
export * from './migrate.ts';
export * from './postgres-vault.ts';
export * from './vault.ts';
