// SPDX-License-Identifier: Apache-2.0
export * from './address.ts';
export * from './catalogue.ts';
export * from './cloud-event.ts';
export * from './content-ref.ts';
export * from './define-event.ts';
export * from './event.ts';
export * from './events/crypto.ts';
export * from './events/delivery.ts';
export * from './events/intake.ts';
export * from './events/receipts.ts';
export * from './guards.ts';
export * from './guard-texts.ts';
export * from './ids.ts';
export * from './language.ts';
export * from './protection-method.ts';
export * from './read-event.ts';
export * from './unstorable.ts';
export { OBSTACLES } from './obstacle-texts.ts';
