// SPDX-License-Identifier: Apache-2.0
export { startIntake, type RunningIntake } from './service.ts';
export { IntakeSettings } from './settings.ts';
