import { patientClient, practitionerClient } from '@cabinet/contracts';
import { Unavailable } from '@cabinet/kit/errors';
import { answerOf, neighbour, type SidecarAddress } from '@cabinet/service/sidecar/invoke';
import { z } from 'zod';
import type { Neighbours } from '../domain/neighbours.js';

const statuses = z.object({ items: z.array(z.object({ patientId: z.uuid(), mergedInto: z.uuid().optional() })) });
const practitioner = z.object({ id: z.uuid() });

/** Asks the patient and practitioner services through the own sidecar; nothing of their answers is kept. */
export class DaprNeighbours implements Neighbours {
  private readonly patientService: ReturnType<typeof patientClient>;
  private readonly practitionerService: ReturnType<typeof practitionerClient>;

  constructor(sidecar: SidecarAddress) {
    this.patientService = patientClient({ baseUrl: 'http://patient', fetch: neighbour(sidecar, 'patient') });
    const fetch = neighbour(sidecar, 'practitioner');
    this.practitionerService = practitionerClient({ baseUrl: 'http://practitioner', fetch });
  }

  async currentPatientId(id: string): Promise<string | undefined> {
    const asked = this.patientService.POST('/api/patients/status', { body: { patientIds: [id] } });
    const found = await answerOf('patient', asked, statuses);
    // Who does not exist is left out of the answer; that there is none means that nobody could be asked.
    if (!found) throw new Unavailable('NEIGHBOUR.UNAVAILABLE', 'The patient service did not give a usable answer');
    const [status] = found.items;
    return status?.mergedInto ?? status?.patientId;
  }

  async isPractitioner(id: string): Promise<boolean> {
    const asked = this.practitionerService.GET('/api/practitioners/{id}', { params: { path: { id } } });
    return (await answerOf('practitioner', asked, practitioner)) !== undefined;
  }
}
