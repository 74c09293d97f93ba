// SPDX-License-Identifier: Apache-2.0
export { findCpr } from './domain/find-cpr.ts';
export { PLACES, UNREAD_REASONS, type Findings, type Place, type UnreadReason } from './domain/findings.ts';
export { foldText } from './domain/fold-text.ts';
export { ruleSchema, rulesSchema, type Rule } from './domain/rules.ts';
export { saysSubject } from './domain/says-subject.ts';
export { DEFAULT_LIMITS, type Limits } from './extract/budget.ts';
export { openScanner, type Scanner, type ScannerOptions } from './sandbox/open-scanner.ts';
