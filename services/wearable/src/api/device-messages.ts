import { DomainError } from '@cabinet/kit/errors';
import { Counter, type Metrics } from '@cabinet/kit/observe/metrics';
import { onlyDeliveries } from '@cabinet/service/sidecar/event-routes';
import express, { Router } from 'express';
import { z } from 'zod';
import type { TakeReadings } from '../domain/take-readings.js';
import { toSource } from './reading.dto.js';

const text = (charactersMax: number) => z.string().max(charactersMax).optional();
const instant = text(40);

/** As of `POST /api/readings/from-device`, with the token in the message: nobody reads it there but the sidecar. */
const message = z.strictObject({
  deviceToken: z.string().max(100),
  readings: z
    .array(
      z.strictObject({
        code: text(20),
        value: z.union([z.number(), z.string().max(40)]).optional(),
        unit: text(40),
        effectiveAt: instant,
        endAt: instant,
        sourceId: text(200),
        origin: text(100),
        certainty: z.enum(['sure', 'likely', 'doubtful']).optional(),
        isTyped: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

/** What the sidecar makes of a message (`rawPayload`); what the broker takes, as base64, with room around it. */
const delivery = z.looseObject({ data_base64: z.string() });
const deliveryBytesMax = 1024 * 1024;

/** What no other try would change. */
const hopeless: Record<string, string> = { 'DEVICE.TOKEN_INVALID': 'forged', 'DEVICE.PATIENT_ERASED': 'erased' };

const outcomes = ['taken', 'unreadable', ...Object.values(hopeless)];

/**
 * `/events/devices`, for the own sidecar alone: what a device sent by MQTT. Answered when it is stored, and not before: only then the
 * sidecar acknowledges it to the broker. What fails for any reason but itself is an error, and comes again.
 */
export function deviceMessages(
  taking: Pick<TakeReadings, 'takeFromDevice'>,
  { config, metrics }: { config: { APP_API_TOKEN?: string }; metrics: Metrics },
): Router {
  const counted = new Counter({
    name: 'device_messages_total',
    help: 'Messages of devices by MQTT, by what became of them',
    labelNames: ['outcome'],
    registers: [metrics.registry],
  });
  for (const outcome of outcomes) counted.inc({ outcome }, 0);

  const take = async (body: unknown): Promise<string> => {
    const read = message.safeParse(parsed(body));
    if (!read.success) return 'unreadable';
    const { deviceToken, readings } = read.data;
    try {
      await taking.takeFromDevice(deviceToken, readings.map(toSource));
      return 'taken';
    } catch (error) {
      const outcome = error instanceof DomainError ? hopeless[error.code] : undefined;
      if (outcome === undefined) throw error;
      return outcome;
    }
  };

  const json = express.json({ limit: deliveryBytesMax, type: ['application/json', 'application/cloudevents+json'] });
  return Router().post('/events/devices', onlyDeliveries(config.APP_API_TOKEN), json, async (req, res) => {
    const outcome = await take(req.body);
    counted.inc({ outcome });
    res.json({ status: outcome === 'taken' ? 'SUCCESS' : 'DROP' });
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined for what is no JSON. */
function parsed(body: unknown): unknown {
  const read = delivery.safeParse(body);
  if (!read.success) return undefined;
  try {
    return JSON.parse(utf8.decode(Buffer.from(read.data.data_base64, 'base64')));
  } catch {
    return undefined;
  }
}
