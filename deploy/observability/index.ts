// SPDX-License-Identifier: Apache-2.0
export { type Alert, type Recording } from './alert.ts';
export { ALERTS } from './alerts/index.ts';
export { label } from './label.ts';
export { renderRules, renderRunbooks } from './render.ts';
export { OBJECTIVES, SLO_RECORDINGS } from './slo.ts';
export type { Dashboard, Panel } from './dashboard.ts';
export { DASHBOARDS } from './dashboards.ts';
