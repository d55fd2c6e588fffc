import type { Principal } from '@cabinet/kit/access/principal';
import { invalidField } from '@cabinet/kit/errors';
import { asFaultOf } from '@cabinet/service/sidecar/invoke';
import { audienceOf, wardsIn } from '../capacity.js';
import type { Directory } from '../directory.js';
import type { Neighbours, PractitionerFacts } from '../neighbours.js';
import { refusal } from '../refusal.js';
import type { Agenda } from './availability-facts.js';

export interface AgendaQuestion {
  practitionerId?: string;
  speciality?: string;
  placeId?: string;
  appointmentTypeId?: string;
  /** The name of the type, in place of its id. */
  appointmentType?: string;
}

/** Whose agendas a question about free slots is about. */
export class FindAgendas {
  constructor(
    private readonly neighbours: Neighbours,
    private readonly directory: Directory,
  ) {}

  /** @throws 422 without a type, or for one practitioner who is unknown, no longer receives, or does not offer it */
  async that(question: AgendaQuestion, actor: Principal): Promise<Agenda[]> {
    const { practitionerId, placeId } = question;
    if ((question.appointmentTypeId === undefined) === (question.appointmentType === undefined)) {
      throw invalidField('appointmentTypeId', 'REQUIRED', 'is required, or else appointmentType');
    }
    if (practitionerId !== undefined) {
      const practitioner = await this.directory.receivingPractitioner(practitionerId);
      const agendas = agendasOf(practitioner, question, actor);
      if (agendas.length > 0) return agendas;
      const field = question.appointmentTypeId === undefined ? 'appointmentType' : 'appointmentTypeId';
      throw refusal('APPOINTMENT.TYPE_UNKNOWN', field, 'is not offered by this practitioner');
    }
    const practitioners = await this.neighbours
      .receivingPractitioners(question.speciality)
      .catch(asFaultOf('speciality'));
    return practitioners
      .filter(({ places }) => placeId === undefined || places.some(({ id }) => id === placeId))
      .flatMap((practitioner) => agendasOf(practitioner, question, actor));
  }
}

const agendasOf = (
  practitioner: PractitionerFacts,
  { appointmentTypeId, appointmentType }: AgendaQuestion,
  actor: Principal,
): Agenda[] =>
  practitioner.appointmentTypes
    .filter(({ id, name }) =>
      appointmentTypeId === undefined ? isSameName(name, appointmentType) : id === appointmentTypeId,
    )
    .slice(0, 1)
    .map(({ id }) => {
      const audience = audienceOf(actor, { practitionerId: practitioner.id });
      return { practitioner, appointmentTypeId: id, audience, wards: wardsIn(actor, audience) };
    });

const isSameName = (name: string, wanted = ''): boolean => name.toLowerCase() === wanted.toLowerCase();
