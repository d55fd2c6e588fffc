import type { Clock, Logger } from '@cabinet/kit/process';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { type InstanceKey, type InstanceStatus, instanceStatuses } from '../domain/instance.js';
import type { Registry } from '../domain/registry.js';
import { codecFor, sendDocument, sendRefusal } from './answer.js';
import type { Codec } from './codec.js';
import { jsonCodec } from './json-codec.js';
import { RefusedRegistration, readInstance } from './read-instance.js';
import { xmlCodec } from './xml-codec.js';

export interface EurekaOptions {
  registry: Registry;
  clock: Clock;
  log: Logger;
  /** Largest body accepted, in bytes after decompression. */
  bodyBytesMax: number;
}

/** The REST protocol of Eureka, to be mounted at `/eureka` and `/eureka/v2`. */
export function eurekaRoutes(options: EurekaOptions): Router {
  const router = Router();
  router.get(
    '/apps',
    showApplications(({ registry }) => registry.all(), options),
  );
  router.get(
    '/apps/delta',
    showApplications(({ registry }) => registry.delta(), options),
  );
  router.get(
    '/vips/:vip',
    showApplications(({ registry }, req) => registry.byVip(param(req, 'vip')), options),
  );
  router.get(
    '/svips/:vip',
    showApplications(({ registry }, req) => registry.bySecureVip(param(req, 'vip')), options),
  );
  router.get('/apps/:app', showApplication(options));
  router.get(
    '/apps/:app/:id',
    showInstance(({ registry }, req) => registry.find(keyOf(req)), options),
  );
  router.get(
    '/instances/:id',
    showInstance(({ registry }, req) => registry.findById(param(req, 'id')), options),
  );

  router.post('/apps/:app', express.text({ type: isReadable, limit: options.bodyBytesMax }), register(options));
  router.put('/apps/:app/:id', renew(options));
  router.delete('/apps/:app/:id', cancel(options));
  router.put('/apps/:app/:id/status', overrideStatus(options));
  router.delete('/apps/:app/:id/status', removeOverride(options));
  router.put('/apps/:app/:id/metadata', updateMetadata(options));

  router.use((_req, res) => sendRefusal(res, 404));
  router.use(refusals(options));
  return router;
}

type ListOf = (options: EurekaOptions, req: Request) => ReturnType<Registry['all']>;
type InstanceOf = (options: EurekaOptions, req: Request) => ReturnType<Registry['find']>;

const showApplications =
  (list: ListOf, options: EurekaOptions): RequestHandler =>
  async (req, res) => {
    const codec = codecFor(req);
    await sendDocument(req, res, codec, codec.writeApplications(list(options, req)));
  };

const showApplication =
  ({ registry }: EurekaOptions): RequestHandler =>
  async (req, res) => {
    const application = registry.application(param(req, 'app'));
    if (!application) return sendRefusal(res, 404);
    const codec = codecFor(req);
    await sendDocument(req, res, codec, codec.writeApplication(application));
  };

const showInstance =
  (find: InstanceOf, options: EurekaOptions): RequestHandler =>
  async (req, res) => {
    const registration = find(options, req);
    if (!registration) return sendRefusal(res, 404);
    const codec = codecFor(req);
    await sendDocument(req, res, codec, codec.writeInstance(registration));
  };

const register =
  ({ registry, clock }: EurekaOptions): RequestHandler =>
  (req, res) => {
    const codec = codecOfBody(req);
    if (!codec) return sendRefusal(res, 415, 'Send application/json or application/xml');
    const sent = codec.readInstance(typeof req.body === 'string' ? req.body : '');
    const { facts, terms } = readInstance(sent, param(req, 'app'), clock.now().getTime());
    registry.register(facts, terms);
    res.status(204).end();
  };

// Of the parameters only lastDirtyTimestamp counts: status and overriddenstatus are words between peers.
const renew =
  ({ registry }: EurekaOptions): RequestHandler =>
  (req, res) => {
    const lastDirty = req.query.lastDirtyTimestamp;
    if (lastDirty !== undefined && !/^\d{1,16}$/.test(String(lastDirty))) {
      return sendRefusal(res, 400, 'Invalid lastDirtyTimestamp');
    }
    const isRenewed = registry.renew(keyOf(req), lastDirty === undefined ? undefined : Number(lastDirty));
    sendOutcome(res, isRenewed);
  };

const cancel =
  ({ registry }: EurekaOptions): RequestHandler =>
  (req, res) =>
    sendOutcome(res, registry.cancel(keyOf(req)));

// A word that is no status is answered with 500, as Eureka does, but an unknown instance comes first.
const overrideStatus =
  ({ registry }: EurekaOptions): RequestHandler =>
  (req, res) => {
    if (!registry.find(keyOf(req))) return sendRefusal(res, 404);
    const status = statusOf(req);
    if (!status) return sendRefusal(res, 500, 'Unknown status');
    sendOutcome(res, registry.overrideStatus(keyOf(req), status));
  };

const removeOverride =
  ({ registry }: EurekaOptions): RequestHandler =>
  (req, res) => {
    if (!registry.find(keyOf(req))) return sendRefusal(res, 404);
    const status = req.query.value === undefined ? 'UNKNOWN' : statusOf(req);
    if (!status) return sendRefusal(res, 500, 'Unknown status');
    sendOutcome(res, registry.removeOverride(keyOf(req), status));
  };

const updateMetadata =
  ({ registry }: EurekaOptions): RequestHandler =>
  (req, res) => {
    const { searchParams } = new URL(req.originalUrl, 'http://registry');
    const entries = new Map<string, string>();
    for (const [name, value] of searchParams) {
      if (name && name !== '@class' && !entries.has(name)) entries.set(name, value);
    }
    sendOutcome(res, registry.updateMetadata(keyOf(req), entries));
  };

const sendOutcome = (res: Response, isDone: boolean): void => sendRefusal(res, isDone ? 200 : 404);

const param = (req: Request, name: string): string => String(req.params[name]);

const keyOf = (req: Request): InstanceKey => ({ app: param(req, 'app'), instanceId: param(req, 'id') });

const statusOf = (req: Request): InstanceStatus | undefined =>
  instanceStatuses.find((status) => status === req.query.value);

const codecs: Codec[] = [jsonCodec, xmlCodec];

const codecOfBody = (req: Pick<Request, 'headers'>): Codec | undefined => {
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return codecs.find(({ mediaType }) => mediaType === type);
};

const isReadable = (req: Pick<Request, 'headers'>): boolean => codecOfBody(req) !== undefined;

/** The way out for everything thrown in these routes: plain text, as Eureka's clients expect. */
const refusals =
  ({ log }: EurekaOptions): ErrorRequestHandler =>
  (thrown, _req, res, next) => {
    if (res.headersSent) return next(thrown);
    if (thrown instanceof RefusedRegistration) return sendRefusal(res, 400, thrown.message);
    const status = statusOfHttpError(thrown);
    if (status)
      return sendRefusal(res, status, status === 413 ? 'The body is too large' : 'The request cannot be read');
    log.error({ err: thrown }, 'request failed');
    sendRefusal(res, 500);
  };

// Express and its body parser mark refusals with a status: a broken path, a wrong encoding, a body over the limit.
function statusOfHttpError(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  const { status } = thrown;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
