import { authClient, practitionerClient } from '@cabinet/contracts';
import type { Clock } from '@cabinet/kit/clock';
import { Unavailable } from '@cabinet/kit/errors';
import { answerOf, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Colleague, Colleagues } from '../domain/colleagues.js';
import type { Person } from '../domain/unusual-rules.js';

const staffForm = z.object({
  items: z.array(z.object({ userId: z.uuid(), patientId: z.uuid().optional(), practitionerId: z.uuid().optional() })),
});
const practitionerForm = z.object({ familyName: z.string() });

const keptMs = 60_000;

/** Asks auth who works here, and the directory what practitioners are called, by the own sidecar. Answers are kept for a minute. */
export class DaprColleagues implements Colleagues {
  private readonly auth: ReturnType<typeof authClient>;
  private readonly directory: ReturnType<typeof practitionerClient>;
  private readonly kept = new Map<string, { at: number; value: Promise<unknown> }>();

  constructor(
    sidecar: SidecarAddress,
    private readonly clock: Clock,
  ) {
    this.auth = authClient({ baseUrl: 'http://auth', fetch: neighbour(sidecar, 'auth') });
    const fetch = neighbour(sidecar, 'practitioner');
    this.directory = practitionerClient({ baseUrl: 'http://practitioner', fetch });
  }

  staff(since: Date): Promise<Colleague[]> {
    if ((this.kept.get('staff')?.at ?? 0) <= since.getTime()) this.kept.delete('staff');
    return this.once('staff', async () => {
      const answer = await answerOf('auth', this.auth.GET('/api/auth/staff'), staffForm);
      if (!answer) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The auth service does not know who works here');
      return answer.items;
    });
  }

  practitioner(id: string): Promise<Person | undefined> {
    return this.once(id, () => {
      const asked = this.directory.GET('/api/practitioners/{id}', { params: { path: { id } } });
      return answerOf('practitioner', asked, practitionerForm);
    });
  }

  private once<T>(name: string, ask: () => Promise<T>): Promise<T> {
    const now = this.clock.now().getTime();
    for (const [each, { at }] of this.kept) if (now - at >= keptMs) this.kept.delete(each);
    const kept = this.kept.get(name) ?? { at: now, value: ask() };
    this.kept.set(name, kept);
    // What failed is asked for again.
    kept.value.catch(() => this.kept.delete(name));
    return kept.value as Promise<T>;
  }
}
