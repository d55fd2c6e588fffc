import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { type Device, existing, type Pairing } from '../domain/device.js';
import { PatientErased, TooManyDevices } from '../domain/errors.js';
import type { DeviceChange, Devices } from '../domain/ports.js';
import type { Certainty } from '../domain/reading.js';
import { DeviceSchema, PairingSchema } from './device.schema.js';
import { type WearableEvents, waitForPatientChanges } from './patient-changes.js';

const devicesMax = 50;

interface Row {
  id: string;
  name: string;
  manufacturer: string | null;
  model: string | null;
  created_at: Date | string;
  seen_at: Date | string | null;
  pairing_id: string;
  patient_id: string;
  certainty: Certainty;
  since: Date | string;
  until: Date | string | null;
}

const columns = `d.id, d.name, d.manufacturer, d.model, d.created_at, d.seen_at,
  p.id as pairing_id, p.patient_id, p.certainty, p.since, p.until`;

export class PostgresDevices implements Devices {
  constructor(
    private readonly orm: Orm,
    private readonly events: WearableEvents,
  ) {}

  find(id: string): Promise<Device | undefined> {
    return findBy(this.orm.em.fork(), 'd.id', id);
  }

  findByToken(tokenHash: string): Promise<Device | undefined> {
    return findBy(this.orm.em.fork(), 'd.token_hash', tokenHash);
  }

  async listOf(patientId: string): Promise<Device[]> {
    // Of who has had it since they are told nothing: neither who that is, nor that it is used.
    const rows = await this.orm.em.fork().execute<Row[]>(
      `select ${columns} from (
         select distinct on (device_id) * from pairing where patient_id = ? order by device_id, since desc, id desc
       ) p join device d on d.id = p.device_id order by p.since desc, d.id`,
      [patientId],
    );
    return rows.map((row) => toDevice(row.until === null ? row : { ...row, seen_at: null }));
  }

  add(device: Device, tokenHash: string): Promise<Device> {
    return this.inTransaction(async (tx) => {
      await waitForPatientChanges(tx);
      const pairing = await pairingOfNow(tx, device.pairing);
      const { id, name, manufacturer = null, model = null, createdAt } = device;
      await tx.insert(DeviceSchema, { id, name, manufacturer, model, createdAt, seenAt: null, tokenHash });
      await this.begin(tx, id, pairing);
      return { ...device, pairing };
    });
  }

  change(id: string, decide: (current: Device) => DeviceChange): Promise<Device> {
    return this.inTransaction(async (tx) => {
      // Before the device: whoever erases a patient comes in that order.
      await waitForPatientChanges(tx);
      await tx.execute('select from device where id = ? for update', [id]);
      const current = existing(await findBy(tx, 'd.id', id));
      const { endsAt, begins, tokenHash } = decide(current);
      if (tokenHash !== undefined) await tx.nativeUpdate(DeviceSchema, { id }, { tokenHash });
      let { pairing } = current;
      if (endsAt) {
        // Not before it began, whatever the clock of another process says.
        pairing = { ...pairing, until: endsAt < pairing.since ? pairing.since : endsAt };
        await tx.nativeUpdate(PairingSchema, { id: pairing.id }, { until: pairing.until });
        await this.events.enqueue(tx, id, pairing);
      }
      if (begins) {
        const since = pairing.until && pairing.until > begins.since ? pairing.until : begins.since;
        pairing = await pairingOfNow(tx, { ...begins, since });
        await this.begin(tx, id, pairing);
      }
      return { ...current, pairing };
    });
  }

  async pairingsOf(deviceIds: readonly string[]): Promise<Map<string, Pairing[]>> {
    if (deviceIds.length === 0) return new Map();
    const rows = await this.orm.em.fork().execute<(Row & { device_id: string })[]>(
      `select device_id, id as pairing_id, patient_id, certainty, since, until from pairing
       where device_id = any(?::uuid[]) order by since, id`,
      [`{${deviceIds.join(',')}}`],
    );
    const byDevice = Map.groupBy(rows, ({ device_id }) => device_id);
    return new Map([...byDevice].map(([id, its]) => [id, its.map(toPairing)]));
  }

  async noteSeen(deviceId: string, at: Date): Promise<void> {
    await this.orm.em
      .fork()
      .execute(
        "update device set seen_at = ? where id = ? and (seen_at is null or seen_at < ?::timestamptz - interval '1 minute')",
        [at, deviceId, at],
      );
  }

  private async begin(tx: EntityManager, deviceId: string, pairing: Pairing): Promise<void> {
    const [has] = await tx.execute<{ count: string }[]>(
      'select count(distinct device_id) as count from pairing where patient_id = ? and until is null',
      [pairing.patientId],
    );
    if (Number(has?.count) >= devicesMax) throw new TooManyDevices();
    await tx.insert(PairingSchema, { ...pairing, until: pairing.until ?? null, deviceId });
    await this.events.enqueue(tx, deviceId, pairing);
  }

  private async inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.orm.em.fork().transactional(work);
    this.events.committed();
    return result;
  }
}

/** With the patient whom its patient turned out to be. @throws PatientErased (410) */
async function pairingOfNow(tx: EntityManager, pairing: Pairing): Promise<Pairing> {
  const patientId = await currentPatientId(tx, pairing.patientId);
  if (!patientId) throw new PatientErased();
  return { ...pairing, patientId };
}

async function findBy(em: EntityManager, column: string, value: string): Promise<Device | undefined> {
  const [row] = await em.execute<Row[]>(
    `select ${columns} from device d join pairing p on p.device_id = d.id where ${column} = ?
     order by p.until desc nulls first, p.since desc, p.id desc limit 1`,
    [value],
  );
  return row && toDevice(row);
}

const toPairing = (row: Row): Pairing => ({
  id: row.pairing_id,
  patientId: row.patient_id,
  certainty: row.certainty,
  since: new Date(row.since),
  until: row.until === null ? undefined : new Date(row.until),
});

const toDevice = (row: Row): Device => ({
  id: row.id,
  name: row.name,
  manufacturer: row.manufacturer ?? undefined,
  model: row.model ?? undefined,
  createdAt: new Date(row.created_at),
  seenAt: row.seen_at === null ? undefined : new Date(row.seen_at),
  pairing: toPairing(row),
});
