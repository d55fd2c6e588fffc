import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { type FieldError, InvalidInput } from '@cabinet/kit/errors';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { WhoMay } from './access.js';
import type { BackPressure } from './back-pressure.js';
import { type Device, hashOf, isToken, isWithAnother, type Pairing, pairingAt, senderAt } from './device.js';
import { DeviceTokenInvalid } from './errors.js';
import type { Devices, Readings, Taken } from './ports.js';
import { type Reading, type ReadingContext, readReading, type SourceReading } from './reading.js';

/** What became of one reading of a batch; without an id for who may not know what there is of whoever it is of. */
export type Outcome = Taken | typeof taken | { kind: 'refused'; fields: FieldError[] };

/** Who has a device now is not told by `known` what was measured of whom it was with before. */
const taken = { kind: 'stored', readingId: undefined } as const;

export interface Batch {
  patientId: string;
  /** Who gives it; ids of two sources never meet. `app` when it is left out. */
  source?: string;
  readings: readonly SourceReading[];
}

/** A reading that was checked, and whose it is. */
interface Owned {
  patientId: string;
  reading: Reading;
}

export class TakeReadings {
  constructor(
    private readonly readings: Readings,
    private readonly devices: Devices,
    private readonly may: WhoMay,
    private readonly pressure: BackPressure,
    private readonly clock: Clock,
  ) {}

  /**
   * From somebody who is signed in: what an app reads from their devices, or what they write themselves.
   * @returns what became of each, in the same order
   * @throws NotYours (403), PatientErased (410), TooManyAtOnce (429)
   */
  async take({ patientId: asked, source = 'app', readings }: Batch, actor: Principal): Promise<Outcome[]> {
    const patientId = await this.may.letIn(asked, actor);
    const named = new Set(readings.flatMap(({ deviceId }) => deviceId ?? []));
    const pairings = await this.devices.pairingsOf([...named]);
    return this.takeFor(patientId, source, readings, (reading) => {
      if (reading.deviceId === undefined) return undefined;
      const pairing = pairingAt(pairings.get(reading.deviceId) ?? [], reading.effectiveAt.ms);
      if (pairing?.patientId === patientId) return pairing;
      throw new InvalidInput([
        { path: 'deviceId', code: 'NOT_PAIRED', message: 'must be a device that was with the patient at that time' },
      ]);
    });
  }

  /**
   * From a device itself: each reading is of the patient whom the device was with at that time. What it brings of whom it was with
   * before is doubtful, since who has it now may have made it up.
   * @throws DeviceTokenInvalid (403), TooManyAtOnce (429), PatientErased (410) when the patient is erased at that moment
   */
  async takeFromDevice(token: string | undefined, said: readonly SourceReading[]): Promise<Outcome[]> {
    const device = token !== undefined && isToken(token) ? await this.devices.findByToken(hashOf(token)) : undefined;
    if (!device) throw new DeviceTokenInvalid();
    const now = this.clock.now();
    const pairings = (await this.devices.pairingsOf([device.id])).get(device.id) ?? [];
    const read = said.map((each) => this.readOwned(each, device, pairings, now));
    const patients = new Set(read.flatMap((each) => ('patientId' in each ? [each.patientId] : [])));
    noteSubjects(...patients);
    return this.pressure.during(said.length, async () => {
      await this.devices.noteSeen(device.id, now);
      return this.storeAll(read, now);
    });
  }

  /** Of a file or an app: readings of a patient who is known by then. @param pairingOf throws InvalidInput for a device that is not theirs */
  takeFor(
    patientId: string,
    source: string,
    said: readonly SourceReading[],
    pairingOf: (reading: Reading) => Pairing | undefined = () => undefined,
  ): Promise<Outcome[]> {
    const now = this.clock.now();
    const read = said.map((each) =>
      refusedOr(() => {
        const reading = readReading(each, { source, now });
        const pairing = pairingOf(reading);
        return { patientId, reading: pairing ? lessSureBy(pairing, each, { source, now }) : reading };
      }),
    );
    return this.pressure.during(said.length, () => this.storeAll(read, now));
  }

  private readOwned(said: SourceReading, device: Device, pairings: Pairing[], now: Date): Owned | Refused {
    return refusedOr(() => {
      const mine = { ...said, deviceId: device.id };
      const context = { source: `device ${device.id}`, now };
      const pairing = senderAt(pairings, readReading(mine, context).effectiveAt.ms, now);
      if (!pairing)
        throw new InvalidInput([
          { path: 'effectiveAt', code: 'NOT_PAIRED', message: 'must be a time at which the device was with somebody' },
        ]);
      const { patientId } = pairing;
      if (!isWithAnother(pairing, pairings)) return { patientId, reading: lessSureBy(pairing, mine, context) };
      const reading = readReading(mine, { ...context, certainty: 'doubtful' });
      return { patientId, reading: { ...reading, isAfterHandingOn: true } };
    });
  }

  /** Patient by patient: of one all or none, and what was stored for another before a fault is known when it comes again. */
  private async storeAll(read: readonly (Owned | Refused)[], receivedAt: Date): Promise<Outcome[]> {
    const outcomes = new Map<Owned | Refused, Outcome>();
    const owned = read.filter((each) => 'reading' in each);
    for (const [patientId, theirs] of Map.groupBy(owned, (each) => each.patientId)) {
      const stored = await this.readings.store(
        patientId,
        theirs.map(({ reading }) => reading),
        receivedAt,
      );
      for (const [nth, each] of theirs.entries())
        outcomes.set(each, each.reading.isAfterHandingOn ? taken : (stored[nth] as Taken));
    }
    return read.map((each) => ('reading' in each ? (outcomes.get(each) as Outcome) : each));
  }
}

type Refused = Extract<Outcome, { kind: 'refused' }>;

function refusedOr(read: () => Owned): Owned | Refused {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'refused', fields: error.fields };
    throw error;
  }
}

const lessSureBy = ({ certainty }: Pairing, said: SourceReading, context: ReadingContext): Reading =>
  readReading(said, { ...context, certainty });
