import { ask } from '@cabinet/access/ask';
import type { Principal } from '@cabinet/kit/access/principal';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { Appointment } from '../booking/appointment.js';
import type { Appointments } from '../booking/ports.js';
import { relationTo } from '../capacity.js';
import { SeriesNotFound } from './errors.js';
import type { AllSeries } from './ports.js';
import { occurrencesMax, type Series } from './series.js';

export interface SeriesState {
  series: Series;
  /** In order of start. */
  appointments: Appointment[];
}

export class FindSeries {
  constructor(
    private readonly series: AllSeries,
    private readonly appointments: Appointments,
  ) {}

  /** @throws 404 for one that is none or that the actor may not see */
  async get(id: string, actor: Principal): Promise<SeriesState> {
    const series = await this.series.find(id);
    const appointments = series ? await this.appointments.list({ seriesId: id }, occurrencesMax) : [];
    const [one] = appointments;
    if (!series || !one) throw new SeriesNotFound();
    noteSubjects(one.patientId);
    if (!ask(actor, relationTo(actor, one)).allowed) throw new SeriesNotFound();
    return { series, appointments };
  }
}
