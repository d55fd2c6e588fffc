import { useQuery, useQueryClient } from '@tanstack/react-query';
import { now } from '../time/server-clock.ts';
import { ownZone } from '../time/zone.ts';
import { api, told } from './client.ts';
import type { Certainty, Curve, Device, DeviceRequest } from './types.ts';

type Header = { 'Idempotency-Key': string };

const devicesKey = (patientId: string) => ['devices', patientId] as const;
const readingsKey = (patientId: string) => ['readings', patientId] as const;

/** What measures at home, and what did until it was taken away. */
export const useDevices = (patientId: string) =>
  useQuery({
    queryKey: devicesKey(patientId),
    queryFn: () => told(api.GET('/api/devices', { params: { query: { patientId } } })),
  });

/** The answer has the token of the device, this once. It has no key: sent again it pairs another one. @throws Refused 409 DEVICE.TOO_MANY */
export const pairDevice = (body: DeviceRequest) => told(api.POST('/api/devices', { body }));

/** Gives it another token; that of before opens nothing any more. */
export const pairAgain = ({ id, patientId }: Device, certainty: Certainty) =>
  told(api.POST('/api/devices/{id}/pair', { params: { path: { id } }, body: { patientId, certainty } }));

export const unpairDevice = (id: string) =>
  told(api.POST('/api/devices/{id}/unpair', { params: { path: { id } }, keepalive: true }));

export function useDevicesChanged(patientId: string): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: devicesKey(patientId) });
}

/** What is measured, since when and until when. */
export const useMeasures = (patientId: string) =>
  useQuery({
    queryKey: [...readingsKey(patientId), 'summary'],
    queryFn: () => told(api.GET('/api/readings/summary', { params: { query: { patientId } } })),
  });

export type Resolution = Curve['resolution'];

interface Wanted {
  patientId: string;
  code: string;
  resolution: Resolution;
}

const hourMs = 3_600_000;

/** The last days of a measure, until now. @throws Refused 422 READING.TOO_MANY_POINTS */
export const useLatestCurve = ({ patientId, code, resolution }: Wanted, days: number) =>
  useQuery({
    queryKey: [...readingsKey(patientId), code, resolution, days],
    refetchInterval: 60_000,
    queryFn: () => {
      const from = new Date(now() - days * 24 * hourMs).toISOString();
      return told(
        api.GET('/api/readings', { params: { query: { patientId, code, resolution, from, zone: ownZone() } } }),
      );
    },
  });

/** Each reading of a measure between two times. */
export const useCurveBetween = (patientId: string, code: string, from: string, to: string) =>
  useQuery({
    queryKey: [...readingsKey(patientId), code, from, to],
    queryFn: () =>
      told(
        api.GET('/api/readings', {
          params: { query: { patientId, code, resolution: 'raw', from, to, zone: ownZone() } },
        }),
      ),
  });

interface Accepted {
  code: string;
  effectiveAt: string;
  readingId: string;
  note?: string;
}

/** Takes a reading over into the record. One that was taken over already stays as it is. */
export const acceptReading = (patientId: string, body: Accepted, header: Header) =>
  told(api.POST('/api/records/{patientId}/observations', { params: { path: { patientId }, header }, body }));
