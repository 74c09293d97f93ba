// SPDX-License-Identifier: Apache-2.0
export { startIntake, type RunningIntake } from './service.ts';
export { intakeApi } from './http/openapi.ts';
export { IntakeSettings } from './settings.ts';
