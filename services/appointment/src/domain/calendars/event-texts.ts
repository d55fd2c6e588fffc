import { Unavailable } from '@cabinet/kit/errors';
import type { Appointment } from '../booking/appointment.js';
import type { Neighbours } from '../neighbours.js';
import type { BookingRules } from '../schedule/booking-rules.js';
import type { EventText } from './event.js';

interface BookingRulesOf {
  rulesOf(appointment: Appointment): Promise<BookingRules>;
}

/**
 * What events of our appointments say. Calendars are shared and shown on telephones, so it is the kind of visit, and nothing
 * about a patient unless somebody wants it to be; of what is kept from guardians the name stays here, whoever wants it.
 */
export class EventTexts {
  constructor(
    private readonly neighbours: Neighbours,
    private readonly rules: BookingRulesOf,
  ) {}

  /** @throws Unavailable (503) when a service that knows the names cannot be asked */
  async of(appointment: Appointment, showsPatient: boolean): Promise<EventText> {
    const isNamed = showsPatient && !appointment.keptFromGuardians;
    const name = isNamed ? await this.neighbours.patientName(appointment.patientId) : undefined;
    const { videoLink } = appointment.mode === 'video' ? await this.rules.rulesOf(appointment) : {};
    return { summary: name ?? (await this.typeOf(appointment)) ?? usualSummary, url: videoLink };
  }

  /** As `of`, but for somebody who is waiting: a name that cannot be asked for is left out. */
  async ofAnyway(appointment: Appointment): Promise<EventText> {
    try {
      return await this.of(appointment, false);
    } catch (error) {
      if (error instanceof Unavailable) return { summary: usualSummary };
      throw error;
    }
  }

  private async typeOf({ practitionerId, appointmentTypeId }: Appointment): Promise<string | undefined> {
    const practitioner = await this.neighbours.practitioner(practitionerId);
    return practitioner?.appointmentTypes.find(({ id }) => id === appointmentTypeId)?.name;
  }
}

const usualSummary = 'Cabinet';
