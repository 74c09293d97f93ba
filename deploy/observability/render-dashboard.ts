// SPDX-License-Identifier: Apache-2.0
import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Dashboard, Panel } from './dashboard.ts';

/** Whichever Prometheus is chosen above the dashboard. */
const SOURCE = { type: 'prometheus', uid: '${source}' };
/** Where the console is: a variable above the dashboard, as no two gateways have it at the same place. */
const CONSOLE = '${console}/console';
/** As the console's fields have a time: of the browser, to the minute. */
const SHOWN = 'since=${__from:date:YYYY-MM-DDTHH:mm}&until=${__to:date:YYYY-MM-DDTHH:mm}';
const WIDTH = 24;
const HEIGHT = 8;

/** A dashboard as Grafana reads it. */
export function renderDashboard({ uid, title, rows }: Dashboard): string {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is read by Grafana 12 and newer alone.
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .tags(['securemail'])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'))
    .withVariable(
      new TextBoxVariableBuilder('console').label('Console').defaultValue('http://localhost:8025'),
    )
    .withVariable(new TextBoxVariableBuilder('email').label('Email id'))
    .withVariable(new TextBoxVariableBuilder('trace').label('Trace id'))
    .link(linkTo('Console', `${CONSOLE}/`))
    .link(linkTo('The email', `${CONSOLE}/emails/\${email}`))
    .link(linkTo('Its trace', `${CONSOLE}/emails?traceId=\${trace}`));
  for (const { title: row, panels } of rows) {
    dashboard.withRow(new RowBuilder(row));
    const span = Math.floor(WIDTH / Math.min(panels.length, 3));
    for (const panel of panels) dashboard.withPanel(panelOf(panel, span));
  }
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`;
}

const linkTo = (title: string, url: string) =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);

function linksTo(emails: NonNullable<Panel['emails']>) {
  if (emails === 'unfinished')
    return [linkTo('Unfinished emails in the console', `${CONSOLE}/emails?state=unfinished&order=oldest`)];
  const state = emails === 'any' ? '' : `state=${emails}&`;
  return [linkTo('Emails of this time in the console', `${CONSOLE}/emails?${state}${SHOWN}`)];
}

/** The names of lines below them, all of them at once; the builder's own default shows none. */
const NAMES = new VizLegendOptionsBuilder()
  .showLegend(true)
  .displayMode(LegendDisplayMode.List)
  .placement(LegendPlacement.Bottom)
  .calcs([]);

function panelOf({ kind, title, description, unit, queries, emails }: Panel, span: number) {
  const panel = kind === 'stat' ? new StatBuilder() : new LinesBuilder().legend(NAMES);
  panel.title(title).description(description).unit(unit).datasource(SOURCE).span(span).height(HEIGHT);
  if (emails !== undefined) panel.dataLinks(linksTo(emails));
  // What asks for buckets is shown with an email for each; once, as they are the same for each quantile.
  const shownWith = queries.findLastIndex(({ expr }) => expr.includes('_bucket['));
  queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .expr(expr)
      // Grafana would call the only line by the whole of its query.
      .legendFormat(legend === '' ? title : legend)
      .refId(String.fromCharCode(65 + index));
    panel.withTarget(index === shownWith ? query.exemplar(true) : query);
  });
  return panel;
}
