import { instanceJson } from '../codecs/json-codec.js';
import { readInstance } from '../codecs/read-instance.js';
import { type InstanceFacts, type InstanceStatus, instanceStatuses } from '../domain/instance.js';
import type { LeaseTerms } from '../domain/lease.js';
import { Refusal } from '../http/refusal.js';
import type { Action, Task, TaskResult } from './task.js';

const actions: Action[] = ['Register', 'Heartbeat', 'Cancel', 'StatusUpdate', 'DeleteStatusOverride'];

/** A task as a peer sent it. */
export interface ReceivedTask {
  action: Action;
  app: string;
  instanceId: string;
  lastDirtyAt?: number;
  status?: InstanceStatus;
  override?: InstanceStatus;
  /** In Eureka's JSON, not yet checked. */
  instance?: unknown;
}

export function writeBatch(tasks: Task[]): string {
  return `{"replicationList":[${tasks.map(writeTask).join(',')}]}`;
}

function writeTask({ action, key, registration, status }: Task): string {
  const instance = registration?.instance;
  const overridden = instance && instance.overriddenStatus !== 'UNKNOWN' ? instance.overriddenStatus : undefined;
  const fields = JSON.stringify({
    appName: key.app,
    id: key.instanceId,
    lastDirtyTimestamp: instance?.lastDirtyAt,
    overriddenStatus: overridden,
    status: status ?? instance?.status,
    action,
  });
  if (action !== 'Register' || !registration) return fields;
  return `${fields.slice(0, -1)},"instanceInfo":${instanceJson(registration)}}`;
}

/** @throws Refusal 400 when it is no list of tasks */
export function readBatch(text: string): ReceivedTask[] {
  const list = fieldsOf(parse(text)).replicationList;
  if (!Array.isArray(list)) throw new Refusal(400, 'Missing replicationList');
  return list.map(readTask);
}

function readTask(sent: unknown): ReceivedTask {
  const { action, appName, id, lastDirtyTimestamp, status, overriddenStatus, instanceInfo } = fieldsOf(sent);
  const known = actions.find((each) => each === action);
  if (!known) throw new Refusal(400, 'Unknown action');
  if (typeof appName !== 'string' || typeof id !== 'string') throw new Refusal(400, 'Missing appName or id');
  const override = readStatus(overriddenStatus);
  return {
    action: known,
    app: appName,
    instanceId: id,
    lastDirtyAt: readInstant(lastDirtyTimestamp),
    status: readStatus(status),
    override: override === 'UNKNOWN' ? undefined : override,
    instance: instanceInfo ?? undefined,
  };
}

export const writeResults = (results: { statusCode: number; entity?: string }[]): string =>
  `{"responseList":[${results
    .map(({ statusCode, entity }) => `{"statusCode":${statusCode}${entity ? `,"responseEntity":${entity}` : ''}}`)
    .join(',')}]}`;

export function readResults(text: string): TaskResult[] {
  const list = fieldsOf(parse(text)).responseList;
  if (!Array.isArray(list)) return [];
  return list.map((sent) => {
    const { statusCode, responseEntity } = fieldsOf(sent);
    return { statusCode: Number(statusCode), responseEntity: responseEntity ?? undefined };
  });
}

/** The instances of a full list; those that cannot be read are left out. */
export function readInstances(text: string, now: number): { facts: InstanceFacts; terms: LeaseTerms }[] {
  const { application } = fieldsOf(fieldsOf(parse(text)).applications);
  const instances = listOf(application).flatMap((each) => listOf(fieldsOf(each).instance));
  return instances.flatMap((sent) => {
    try {
      return [readInstance(sent, String(fieldsOf(sent).app), now)];
    } catch {
      return [];
    }
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal(400, 'Malformed JSON', { cause });
  }
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

// A list of one may have lost its brackets.
const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat());

const readStatus = (word: unknown): InstanceStatus | undefined => instanceStatuses.find((status) => status === word);

const readInstant = (value: unknown): number | undefined => {
  const instant = Number(value ?? Number.NaN);
  return Number.isSafeInteger(instant) && instant >= 0 ? instant : undefined;
};
