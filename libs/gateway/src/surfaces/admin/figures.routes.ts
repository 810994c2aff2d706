import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { identity, profiles } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { projectParams } from './management.wire.js';

const dayMs = 86_400_000;
const mostDays = 366;
const usualDays = 30;
const firstDay = '0001-01-01';
const day = z.iso.date('must be a day such as 2026-01-31').refine((text) => text >= firstDay, 'must be a day of the years 1 to 9999');

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/figures',
  access: adminProject('events:read'),
  summary: 'A project’s figures, day by day (UTC): users, active users, events, logins and refused logins; today’s are some seconds old',
  params: projectParams,
  query: z.object({
    from: day.optional().describe(`The first day; ${mostDays} days at the most. Default: the ${usualDays} days up to \`to\``),
    to: day.optional().describe('The last day; default: today'),
  }),
  answer: {
    status: 200,
    description: 'Every day that was asked for, the first one first',
    body: z.object({
      days: z.array(
        z.object({
          day: z.string().describe('`2026-01-31`'),
          users: z.number().int().nullable().describe('At home in the project at the end of the day; null: not counted that day'),
          active_users: z.number().int().describe('Who did something that day, by an event or an end user’s own request'),
          events: z.number().int().describe('By the time of the event'),
          logins: z.number().int(),
          failed_logins: z.number().int().describe('Wrong name or password, inactive users, and tries that were held back'),
        }),
      ),
    }),
  },
  failures: { 404: 'There is no such project.' },
});
type Figures = z.output<typeof list.answer.body>;

/** What a project's first page shows over time. Each service counts what it sees; here it is laid side by side. */
@Controller()
export class FiguresRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<Figures> {
    const today = new Date().toISOString().slice(0, 10);
    const to = query.to ?? today;
    const usual = plus(to, 1 - usualDays);
    const from = query.from ?? (usual < firstDay ? firstDay : usual);
    if (from > to) throw wrong('from', 'must not be after to');
    if (Date.parse(to) - Date.parse(from) >= mostDays * dayMs) throw wrong('from', `must not be more than ${mostDays} days before the end of to`);
    const asked = { realmId: caller.projectId, from, to };
    const [ofRealm, ofLogins] = await Promise.all([this.rpc.call(profiles.countRealmDays, asked, { requestId }), this.rpc.call(identity.countLoginDays, asked, { requestId })]);
    const realmDays = new Map(ofRealm.days.map((each) => [each.day, each]));
    const loginDays = new Map(ofLogins.days.map((each) => [each.day, each]));
    const days: Figures['days'] = [];
    const count = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
    // By number: after the last day of the year 9999 comes none that could be compared with it.
    for (let place = 0; place < count; place += 1) {
      const each = plus(from, place);
      const [realm, logins] = [realmDays.get(each), loginDays.get(each)];
      days.push({
        day: each,
        users: each === today ? ofRealm.users : (realm?.users ?? null),
        active_users: realm?.activeUsers ?? 0,
        events: realm?.events ?? 0,
        logins: logins?.logins ?? 0,
        failed_logins: logins?.refused ?? 0,
      });
    }
    return { days };
  }
}

function plus(from: string, days: number): string {
  return new Date(Date.parse(from) + days * dayMs).toISOString().slice(0, 10);
}

function wrong(path: string, message: string) {
  return platformErrors.failure('invalid-request', `${path}: ${message}.`, { details: [{ path, message }] });
}
