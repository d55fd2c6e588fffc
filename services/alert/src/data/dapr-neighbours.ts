import { practitionerClient } from '@cabinet/contracts';
import { answerOf, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Neighbours } from '../domain/ports.js';

const practitionerFacts = z.object({
  active: z.boolean(),
  telecom: z.array(z.object({ system: z.string(), value: z.string() })),
});

/** Asks the practitioner service through the own sidecar; nothing of its answers is kept. */
export class DaprNeighbours implements Neighbours {
  private readonly practitionerService: ReturnType<typeof practitionerClient>;

  constructor(sidecar: SidecarAddress) {
    const fetch = neighbour(sidecar, 'practitioner');
    this.practitionerService = practitionerClient({ baseUrl: 'http://practitioner', fetch });
  }

  async reachable(practitionerIds: readonly string[]): Promise<Set<string>> {
    const found = await Promise.all(practitionerIds.map((id) => this.isReachable(id)));
    return new Set(practitionerIds.filter((_, nth) => found[nth]));
  }

  private async isReachable(id: string): Promise<boolean> {
    const asked = this.practitionerService.GET('/api/practitioners/{id}', { params: { path: { id } } });
    const facts = await answerOf('practitioner', asked, practitionerFacts);
    // Every alert is told by mail, whatever else.
    return facts?.active === true && facts.telecom.some(({ system }) => system === 'email');
  }
}
