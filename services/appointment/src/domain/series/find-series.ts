import { policy } from '@cabinet/access/table';
import type { Principal } from '@cabinet/kit/access/principal';
import { askAbout, noteAbout, notYoursToKeep } from '../booking/access.js';
import type { Appointment } from '../booking/appointment.js';
import type { Appointments } from '../booking/ports.js';
import { SeriesNotFound } from './errors.js';
import type { AllSeries } from './ports.js';
import { occurrencesMax, type Series } from './series.js';

const read = policy.question('series', 'read', 'rest');

export interface SeriesState {
  series: Series;
  /** In order of start; without what is kept from who asks. */
  appointments: Appointment[];
}

export class FindSeries {
  constructor(
    private readonly series: AllSeries,
    private readonly appointments: Appointments,
  ) {}

  /**
   * A series is its appointments: of who sees none of them it is none.
   * @throws 404 for one that is none or that the actor may not see, NotAllowed (403) for a guardian or a carer who would keep it
   */
  async get(id: string, actor: Principal): Promise<SeriesState> {
    const series = await this.series.find(id);
    const all = series ? await this.appointments.list({ seriesId: id }, occurrencesMax) : [];
    const appointments = all.filter((each) => askAbout(actor, each, read).allowed);
    noteAbout(...(appointments.length > 0 ? appointments : all));
    const [one] = appointments;
    if (!series || !one) throw new SeriesNotFound();
    if (!askAbout(actor, one).allowed) throw notYoursToKeep();
    return { series, appointments };
  }
}
